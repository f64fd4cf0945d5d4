// Owns the proof of the rules of a machine that KubeVirt's recorded answers do not cover, and of its port forwards.
// Must not repeat what conformance.test.ts measures.
import { describe, expect, test } from 'vitest';
import type { DraftObject } from '../../../electron/api/object.ts';
import { resources } from '../../../electron/api/resources.ts';
import { validate } from '../../../electron/core/validate/validate.ts';
import { draft, machine, type Row, said, withDomain } from './drafts.ts';

describe('a machine', () => {
  const card = (more: object): object => ({ interfaces: [{ name: 'lan', masquerade: {}, ...more }] });
  const networks = [{ name: 'lan', pod: {} }];
  test.each<Row>([
    ['nothing to say', machine({}), []],
    ['no spec', draft({}), ['spec | Required value']],
    ['no template', machine({ template: {} }), ['spec.template.spec | spec.template.spec is required']],
    [
      'no strategy',
      draft({ spec: { template: { spec: { domain: { devices: {} } } } } }),
      ['spec.runStrategy | RunStrategy must be specified'],
    ],
    [
      'both',
      machine({ running: true }),
      ['spec.running | Running and RunStrategy are mutually exclusive. Note that Running is deprecated, please use RunStrategy instead'],
    ],
    ['unknown strategy', machine({ runStrategy: 'Sometimes' }), ['spec.runStrategy | Invalid RunStrategy (Sometimes)']],
    [
      'no UUID',
      withDomain({ firmware: { uuid: 'mine' } }),
      ["spec.template.spec.domain.firmware.uuid | spec.template.spec.domain.firmware.uuid 'mine' is not a UUID"],
    ],
    [
      'no memory for the guest',
      withDomain({ memory: { guest: '0' } }),
      ["spec.template.spec.domain.memory.guest | spec.template.spec.domain.memory.guest '0': must be greater than 0."],
    ],
    [
      'everything at once',
      withDomain({
        memory: { guest: '2Gi' },
        resources: { limits: { memory: '1Gi' }, requests: { memory: '3Gi', cpu: '-1' } },
        machine: { type: 'pc' },
      }),
      [
        "spec.template.spec.domain.resources.requests.memory | spec.template.spec.domain.resources.requests.memory '3Gi' is greater than spec.template.spec.domain.resources.limits.memory '1Gi'",
        "spec.template.spec.domain.memory.guest | spec.template.spec.domain.memory.guest '2Gi' must be equal to or less than the memory limit spec.template.spec.domain.resources.limits.memory '1Gi'",
        "spec.template.spec.domain.resources.requests.cpu | spec.template.spec.domain.resources.requests.cpu '-1': must be greater than or equal to 0.",
        'spec.template.spec.domain.machine.type | spec.template.spec.domain.machine.type is not supported: pc (allowed values: [q35* pc-q35*])',
      ],
    ],
    [
      'an unknown watchdog action',
      withDomain({ devices: { watchdog: { name: 'w', i6300esb: { action: 'explode' } } } }),
      ["spec.template.spec.domain.devices.watchdog.i6300esb.action | watchdog action 'explode' is not supported"],
    ],
    [
      'a watchdog of nothing',
      withDomain({ devices: { watchdog: { name: 'w' } } }),
      ['spec.template.spec.domain.devices.watchdog | spec.template.spec.domain.devices.watchdog names no watchdog device'],
    ],
    ['a watchdog that resets', withDomain({ devices: { watchdog: { name: 'w', i6300esb: {} } } }), []],
    [
      'one address twice, written differently',
      withDomain(
        {
          devices: {
            interfaces: [
              { name: 'lan', masquerade: {}, macAddress: '02:00:00:00:00:0A' },
              { name: 'dmz', bridge: {}, macAddress: '02-00-00-00-00-0a' },
            ],
          },
        },
        { networks: [...networks, { name: 'dmz', multus: { networkName: 'dmz' } }] },
      ),
      [
        'spec.template.spec.domain.devices.interfaces[1].macAddress | spec.template.spec.domain.devices.interfaces[1].macAddress and spec.template.spec.domain.devices.interfaces[0].macAddress must not be the same',
      ],
    ],
    [
      'boot order over disks and cards',
      withDomain(
        {
          devices: {
            disks: [
              { name: 'root', disk: {}, bootOrder: 1 },
              { name: 'data', disk: {}, bootOrder: 0 },
            ],
            ...card({ bootOrder: 1 }),
          },
        },
        {
          networks,
          volumes: [
            { name: 'root', emptyDisk: { capacity: '1Gi' } },
            { name: 'data', emptyDisk: { capacity: '1Gi' } },
          ],
        },
      ),
      [
        'spec.template.spec.domain.devices.disks[1].bootOrder | spec.template.spec.domain.devices.disks[1] must have a boot order > 0, if supplied',
        'spec.template.spec.domain.devices.interfaces[0].bootOrder | Boot order for spec.template.spec.domain.devices.interfaces[0].bootOrder already set for a different device.',
      ],
    ],
    [
      'paths that lead elsewhere',
      withDomain(
        {},
        {
          volumes: [
            { name: 'a', hostDisk: { path: 'disk.img', type: 'Disk' } },
            { name: 'b', emptyDisk: { capacity: '0' } },
            { name: 'c', persistentVolumeClaim: { claimName: '' } },
          ],
        },
      ),
      [
        "spec.template.spec.volumes[0].hostDisk.path | spec.template.spec.volumes[0].hostDisk.path 'disk.img' must be an absolute path",
        "spec.template.spec.volumes[1].emptyDisk.capacity | spec.template.spec.volumes[1].emptyDisk.capacity '0': must be greater than 0.",
        'spec.template.spec.volumes[2].persistentVolumeClaim.claimName | spec.template.spec.volumes[2].persistentVolumeClaim.claimName is a required field',
      ],
    ],
    [
      'port ranges of another shape',
      withDomain({ devices: card({ portRanges: { from: 1 } }) }, { networks }),
      [
        'spec.template.spec.domain.devices.interfaces[0].portRanges | spec.template.spec.domain.devices.interfaces[0].portRanges must be a list of start and end',
      ],
    ],
    [
      'a negative grace period',
      withDomain({}, { terminationGracePeriodSeconds: -1 }),
      [
        "spec.template.spec.terminationGracePeriodSeconds | spec.template.spec.terminationGracePeriodSeconds '-1': must be greater than or equal to 0.",
      ],
    ],
    [
      'disks that nobody uses',
      machine({
        dataVolumeTemplates: [
          { metadata: { name: 'root' }, spec: { source: { blank: {} }, storage: { resources: { requests: { storage: '1Gi' } } } } },
          { metadata: {}, spec: { source: {}, storage: { resources: { requests: { storage: '-1' } } } } },
        ],
      }),
      [
        "spec.dataVolumeTemplates[0] | DataVolumeTemplate entry spec.dataVolumeTemplates[0] must be referenced in the VMI template's 'volumes' list",
        "spec.dataVolumeTemplates[1].metadata.name | 'name' field must not be empty for DataVolumeTemplate entry spec.dataVolumeTemplates[1].",
        'spec.dataVolumeTemplates[1].spec.source | Data volume should have either Source or SourceRef',
        "spec.dataVolumeTemplates[1].spec.storage.resources.requests.storage | STORAGE size can't be equal or less than zero",
      ],
    ],
  ])('%s', (...[, object, want]) => {
    expect(said(validate(resources.virtualMachines, object))).toEqual(want);
  });
});

describe('port forwards', () => {
  const forwards = (value: unknown): DraftObject =>
    machine({}, { annotations: { 'virtdeck.io/port-forwards': typeof value === 'string' ? value : JSON.stringify(value) } });
  const field = 'metadata.annotations[virtdeck.io/port-forwards]';
  test.each<Row>([
    [
      'good',
      forwards([
        { name: 'ssh', protocol: 'tcp', host: 2222, guest: 22 },
        { host: 2222, guest: 53, protocol: 'udp' },
      ]),
      [],
    ],
    ['no JSON', forwards('[{'), [`${field} | ${field} is not a JSON list`]],
    ['no list', forwards({ host: 1, guest: 2 }), [`${field} | ${field} is not a JSON list`]],
    ['no object', forwards([22]), [`${field}[0] | ${field}[0] is not an object`]],
    [
      'no ports',
      forwards([{ host: 0, guest: 65_536 }, { host: 1.5 }]),
      [
        `${field}[0].host | ${field}[0].host '0' must be a port`,
        `${field}[0].guest | ${field}[0].guest '65536' must be a port`,
        `${field}[1].host | ${field}[1].host '1.5' must be a port`,
        `${field}[1].guest | ${field}[1].guest '' must be a port`,
      ],
    ],
    [
      'another protocol',
      forwards([{ host: 1, guest: 1, protocol: 'sctp' }]),
      [`${field}[0].protocol | ${field}[0].protocol must be tcp or udp`],
    ],
    [
      'one port twice',
      forwards([
        { host: 2222, guest: 22 },
        { host: 2222, guest: 23, protocol: 'tcp' },
      ]),
      [`${field}[1].host | ${field}[1].host 2222 is forwarded already by ${field}[0]`],
    ],
    ['an unknown word', forwards([{ host: 1, guest: 1, hots: 2 }]), [`${field}[0].hots | ${field}[0].hots is unknown`]],
    ['a name that is no text', forwards([{ host: 1, guest: 1, name: 7 }]), [`${field}[0].name | ${field}[0].name must be text`]],
  ])('%s', (...[, object, want]) => {
    expect(said(validate(resources.virtualMachines, object))).toEqual(want);
  });
});
