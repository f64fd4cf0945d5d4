// Owns what a NetworkAttachmentDefinition's configuration means, row by row.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAttachment } from '../../../electron/core/network/attachment.ts';
import { interfaceNameFault, tapName } from '../../../electron/core/network/interface-name.ts';

const json = (value: unknown): string => JSON.stringify(value);
const chapter = {
  cniVersion: '0.3.1',
  name: 'pxe-net-conf',
  plugins: [{ type: 'cnv-bridge', bridge: 'br1', vlan: 1 }, { type: 'cnv-tuning' }],
};

describe('what is asked for', () => {
  test.each([
    ["OpenShift's chapter, as printed", json(chapter), { type: 'bridge', bridge: 'br1', vlan: 1, macSpoofCheck: false }],
    ['one plugin', json({ type: 'bridge', bridge: 'br-lan' }), { type: 'bridge', bridge: 'br-lan', macSpoofCheck: false }],
    ['VLAN 0 is none', json({ type: 'bridge', bridge: 'br1', vlan: 0 }), { type: 'bridge', bridge: 'br1', macSpoofCheck: false }],
    [
      'the last VLAN, and only the own address',
      json({ type: 'bridge', bridge: 'br1', vlan: 4094, macspoofchk: true, preserveDefaultVlan: false, ipam: {} }),
      { type: 'bridge', bridge: 'br1', vlan: 4094, macSpoofCheck: true },
    ],
    ['virtual functions, as they are', json({ type: 'sriov' }), { type: 'sriov', vlan: 0, qos: 0 }],
    [
      'virtual functions of a VLAN, with all that their card can be told',
      json({ type: 'sriov', vlan: 4094, vlanQoS: 7, vlanProto: '802.1Q', spoofchk: 'off', trust: 'on', link_state: 'enable', ipam: {} }),
      { type: 'sriov', vlan: 4094, qos: 7, spoofCheck: false, trust: true, linkState: 1 },
    ],
    [
      'as the SR-IOV operator writes it',
      json({
        cniVersion: '1.0.0',
        name: 'blue',
        type: 'sriov',
        vlan: 100,
        spoofchk: 'on',
        trust: 'off',
        vlanQoS: 0,
        link_state: 'auto',
        logLevel: 'info',
        ipam: {},
      }),
      { type: 'sriov', vlan: 100, qos: 0, spoofCheck: true, trust: false, linkState: 0 },
    ],
  ])('%s', (_, config, attachment) => {
    expect(readAttachment(config)).toEqual({ attachment, causes: [], warnings: [] });
  });
});

describe('what is refused, with every cause', () => {
  test.each([
    ['nothing', undefined, ['spec.config']],
    ['blanks', ' \n', ['spec.config']],
    ['no JSON', '{"type": bridge}', ['spec.config']],
    ['a list', '[]', ['spec.config']],
    ['no plugin', json({ plugins: [] }), ['spec.config.plugins']],
    ['plugins that are none', json({ plugins: [1, 'x'] }), ['spec.config.plugins[0]', 'spec.config.plugins[1]']],
    ['no type', json({ bridge: 'br1' }), ['spec.config.type']],
    ['another type', json({ type: 'macvlan', master: 'eth0' }), ['spec.config.type']],
    ['only tuning', json({ type: 'tuning' }), ['spec.config']],
    ['two bridges', json({ plugins: [chapter.plugins[0], chapter.plugins[0]] }), ['spec.config.plugins[1]']],
    ['no bridge', json({ type: 'bridge' }), ['spec.config.bridge']],
    ['a bridge that no kernel takes', json({ type: 'bridge', bridge: '../../x' }), ['spec.config.bridge']],
    ['a bridge name that is too long', json({ type: 'bridge', bridge: 'a234567890123456' }), ['spec.config.bridge']],
    ['a bridge that is an option', json({ type: 'bridge', bridge: '-x' }), ['spec.config.bridge']],
    [
      'a VLAN that is none, a flag that is none, a field that nobody knows',
      json({ type: 'bridge', bridge: 'br1', vlan: 4095, macspoofchk: 'yes', vlans: [1] }),
      ['spec.config.vlans', 'spec.config.vlan', 'spec.config.macspoofchk'],
    ],
    [
      'virtual functions of a VLAN that is none, with words that are none',
      json({ type: 'sriov', vlan: -1, vlanQoS: 8, spoofchk: true, trust: 'yes', link_state: 'up' }),
      ['spec.config.vlan', 'spec.config.vlanQoS', 'spec.config.spoofchk', 'spec.config.trust', 'spec.config.link_state'],
    ],
    ['a priority without a VLAN', json({ type: 'sriov', vlanQoS: 3 }), ['spec.config.vlanQoS']],
    [
      'what no card here can be told',
      json({ type: 'sriov', vlan: 5, vlanProto: '802.1ad', max_tx_rate: 100, bridge: 'br1' }),
      ['spec.config.bridge', 'spec.config.vlanProto', 'spec.config.max_tx_rate'],
    ],
    ['a bridge and virtual functions', json({ plugins: [chapter.plugins[0], { type: 'sriov' }] }), ['spec.config.plugins[1]']],
    ['a VLAN in text', json({ type: 'bridge', bridge: 'br1', vlan: '10' }), ['spec.config.vlan']],
    ['a version nobody knows', json({ ...chapter, cniVersion: '9.0.0' }), ['spec.config.cniVersion']],
    ['a name with a slash', json({ ...chapter, name: 'a/b' }), ['spec.config.name']],
  ])('%s', (_, config, fields) => {
    const { attachment, causes } = readAttachment(config);
    expect(attachment).toBeUndefined();
    expect(causes.map(({ field }) => field)).toEqual(fields);
    expect(causes.every(({ message, field }) => message !== '' && field !== '')).toBe(true);
  });

  test('whatever the text, there is an attachment or a cause; it names a bridge that Linux takes, or what a card can be told', () => {
    const plugin = fc.record(
      { type: fc.constantFrom('bridge', 'cnv-bridge', 'tuning', 'x'), bridge: fc.string({ maxLength: 20 }), vlan: fc.integer() },
      { requiredKeys: [] },
    );
    const aboutRight = (most: number) => fc.oneof(fc.integer({ min: -1, max: most + 1 }), fc.jsonValue());
    const functions = fc.record(
      {
        type: fc.constant('sriov'),
        vlan: aboutRight(4094),
        vlanQoS: aboutRight(7),
        spoofchk: fc.oneof(fc.constantFrom('on', 'off'), fc.jsonValue()),
        trust: fc.oneof(fc.constantFrom('on', 'off'), fc.jsonValue()),
        link_state: fc.oneof(fc.constantFrom('auto', 'enable', 'disable'), fc.jsonValue()),
      },
      { requiredKeys: ['type'] },
    );
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      plugin.map(json),
      functions.map(json),
      fc.array(fc.oneof(plugin, functions)).map((plugins) => json({ plugins })),
    );
    fc.assert(
      fc.property(text, (config) => {
        const { attachment, causes } = readAttachment(config);
        expect(attachment === undefined).toBe(causes.length > 0);
        if (attachment?.type === 'bridge') expect(interfaceNameFault(attachment.bridge)).toBeUndefined();
        if (attachment?.type !== 'sriov') return;
        // Both are always told: the function may have others from before.
        const { vlan = -1, qos = -1, linkState = 0, spoofCheck = true, trust = true } = attachment;
        expect([isWhole(vlan, 4094), isWhole(qos, 7), vlan > 0 || qos === 0, isWhole(linkState, 2)]).toEqual([true, true, true, true]);
        expect([typeof spoofCheck, typeof trust]).toEqual(['boolean', 'boolean']);
      }),
    );
  });
});

function isWhole(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= most;
}

test('what has no effect here is said', () => {
  const { warnings } = readAttachment(
    json({ type: 'bridge', bridge: 'br1', isGateway: true, promiscMode: false, ipam: { type: 'host-local' } }),
  );
  expect(warnings.map(({ field }) => field)).toEqual(['spec.config.isGateway', 'spec.config.ipam']);
});

test('of virtual functions, too', () => {
  const { attachment, warnings } = readAttachment(
    json({ type: 'sriov', mac: '02:12:34:56:78:9a', deviceID: '0000:03:02.0', logLevel: 'info', logFile: '/var/log/sriov' }),
  );
  expect(attachment).toEqual({ type: 'sriov', vlan: 0, qos: 0 });
  expect(warnings.map(({ reason, field }) => `${reason} ${field}`)).toEqual([
    'NotHonoured spec.config.mac',
    'NotHonoured spec.config.deviceID',
    'NotHonoured spec.config.logFile',
  ]);
});

test('a tap is the same for the same card of the same run, and another for any other', () => {
  const uid = '0d7e3f9c-1b2a-4c3d-8e4f-5a6b7c8d9e0f';
  expect(tapName(uid, 'net')).toBe(tapName(uid, 'net'));
  expect(new Set([tapName(uid, 'net'), tapName(uid, 'net2'), tapName(`${uid}0`, 'net')]).size).toBe(3);
  expect(interfaceNameFault(tapName(uid, 'net'))).toBeUndefined();
});
