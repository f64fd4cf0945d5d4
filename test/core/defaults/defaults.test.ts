// Owns the proof of what every kind gets by default, and that defaulting twice changes nothing.
// Must not test what is refused.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DraftObject } from '../../../electron/api/object.ts';
import { resources } from '../../../electron/api/resources.ts';
import type { DefaultingFacts } from '../../../electron/core/defaults/defaulting-facts.ts';
import { defaulted } from '../../../electron/core/defaults/defaults.ts';

const facts: DefaultingFacts = { uuid: '11111111-2222-4333-8444-555555555555', architecture: 'amd64' };

function draft(kind: string, body: object, metadata: DraftObject['metadata'] = { name: 'web' }): DraftObject {
  return { apiVersion: 'v1', kind, metadata, ...body };
}

function instanceSpec(spec: object, metadata?: DraftObject['metadata']): unknown {
  return defaulted(resources.virtualMachineInstances, draft('VirtualMachineInstance', { spec }, metadata), facts)['spec'];
}

/** What a machine that says nothing is given. */
const bare = {
  architecture: 'amd64',
  evictionStrategy: 'None',
  terminationGracePeriodSeconds: 30,
  networks: [{ name: 'default', pod: {} }],
  domain: {
    machine: { type: 'q35' },
    cpu: { cores: 1, sockets: 1, threads: 1, model: 'host-model' },
    firmware: { uuid: facts.uuid },
    features: { acpi: { enabled: true } },
    devices: { interfaces: [{ name: 'default', masquerade: {}, macAddress: '02:4b:81:22:0b:95' }] },
  },
};

describe('a run', () => {
  test('that says nothing', () => {
    expect(instanceSpec({ domain: { devices: {} } })).toEqual(bare);
  });

  test.each<[string, object, object]>([
    [
      'memory from the request',
      { resources: { requests: { memory: '1Gi' } } },
      { resources: { requests: { memory: '1Gi' } }, memory: { guest: '1Gi' } },
    ],
    [
      'memory from the limit',
      { resources: { limits: { memory: '2Gi' } } },
      { resources: { limits: { memory: '2Gi' } }, memory: { guest: '2Gi' } },
    ],
    [
      'the request before the limit',
      { resources: { requests: { memory: '1Gi' }, limits: { memory: '2Gi' } } },
      { resources: { requests: { memory: '1Gi' }, limits: { memory: '2Gi' } }, memory: { guest: '1Gi' } },
    ],
    ['one huge page', { memory: { hugepages: { pageSize: '2Mi' } } }, { memory: { hugepages: { pageSize: '2Mi' }, guest: '2Mi' } }],
    [
      'numbers become text',
      { memory: { guest: 2_048_234 }, resources: { limits: { memory: 22_436_758, cpu: 2.5 }, requests: { cpu: '2' } } },
      {
        memory: { guest: '2048234' },
        resources: { limits: { memory: '22436758', cpu: '2500m' }, requests: { cpu: '2' } },
        cpu: { cores: 1, sockets: 2, threads: 1, model: 'host-model' },
      },
    ],
    [
      'requested processors are sockets, rounded up',
      { resources: { requests: { cpu: '2200m' } }, cpu: { model: 'EPYC' } },
      { resources: { requests: { cpu: '2200m' } }, cpu: { cores: 1, sockets: 3, threads: 1, model: 'EPYC' } },
    ],
    [
      'a processor limit is requested too',
      { resources: { limits: { cpu: '2' } } },
      { resources: { limits: { cpu: '2' }, requests: { cpu: '2' } }, cpu: { cores: 1, sockets: 2, threads: 1, model: 'host-model' } },
    ],
    [
      'a topology is completed, and wins over the request',
      { resources: { requests: { cpu: '8' } }, cpu: { cores: 4, sockets: 0 } },
      { resources: { requests: { cpu: '8' } }, cpu: { cores: 4, sockets: 1, threads: 1, model: 'host-model' } },
    ],
    ['machine type kept', { machine: { type: 'pc-q35-7.2' } }, { machine: { type: 'pc-q35-7.2' } }],
    [
      'bare switches are on, off stays off',
      { features: { acpi: { enabled: false }, smm: {}, apic: {} } },
      { features: { acpi: { enabled: false }, smm: { enabled: true }, apic: { enabled: true } } },
    ],
    [
      'enlightenments bring what they need',
      { features: { hyperv: { synictimer: { enabled: true } } } },
      {
        features: {
          acpi: { enabled: true },
          hyperv: { synictimer: { enabled: true }, synic: { enabled: true }, vpindex: { enabled: true } },
        },
      },
    ],
    [
      'what is switched off is not switched on',
      { features: { hyperv: { synic: { enabled: true }, vpindex: { enabled: false } } } },
      { features: { acpi: { enabled: true }, hyperv: { synic: { enabled: true }, vpindex: { enabled: false } } } },
    ],
  ])('%s', (_, given, want) => {
    expect(instanceSpec({ domain: { devices: {}, ...given } })).toEqual({ ...bare, domain: { ...bare.domain, ...want } });
  });

  test('every volume has a disk, every disk a bus', () => {
    const spec = instanceSpec({
      domain: {
        devices: {
          disks: [
            { name: 'root', disk: {} },
            { name: 'cd', cdrom: {} },
            { name: 'lun', lun: {} },
            { name: 'data', disk: { bus: 'scsi' } },
          ],
          filesystems: [{ name: 'shared', virtiofs: {} }],
          interfaces: [],
          autoattachPodInterface: false,
        },
      },
      volumes: [{ name: 'root' }, { name: 'seed', cloudInitNoCloud: {} }, { name: 'shared' }, { name: 'dump', memoryDump: {} }],
    });
    expect(spec).toMatchObject({
      domain: {
        devices: {
          disks: [
            { name: 'root', disk: { bus: 'virtio' } },
            { name: 'cd', cdrom: { bus: 'sata' } },
            { name: 'lun', lun: { bus: 'scsi' } },
            { name: 'data', disk: { bus: 'scsi' } },
            { name: 'seed', disk: { bus: 'virtio' } },
          ],
          interfaces: [],
        },
      },
    });
    expect(spec).not.toHaveProperty('networks');
  });

  test.each([
    ['DE-AD-00-00-BE-AF', 'de:ad:00:00:be:af'],
    ['dead.0000.beaf', 'de:ad:00:00:be:af'],
    ['de:ad:00:00:be:af', 'de:ad:00:00:be:af'],
    ['de:ad:00:00:be', 'de:ad:00:00:be'],
    ['', '02:44:54:6b:79:c3'],
  ])('MAC address %j is %s', (macAddress, want) => {
    const interfaces = [{ name: 'lan', masquerade: {}, macAddress }];
    expect(instanceSpec({ domain: { devices: { interfaces } }, networks: [{ name: 'lan', pod: {} }] })).toMatchObject({
      domain: { devices: { interfaces: [{ name: 'lan', macAddress: want }] } },
    });
  });

  test('input devices are USB tablets', () => {
    expect(
      instanceSpec({
        domain: {
          devices: {
            inputs: [
              { name: 'a', type: '' },
              { name: 'b', type: 'tablet', bus: 'virtio' },
            ],
          },
        },
      }),
    ).toMatchObject({
      domain: {
        devices: {
          inputs: [
            { name: 'a', type: 'tablet', bus: 'usb' },
            { name: 'b', type: 'tablet', bus: 'virtio' },
          ],
        },
      },
    });
  });

  test('two runs of one machine are the same computer', () => {
    const owner = { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', name: 'web', uid: 'owner' };
    const run = (uuid: string): unknown =>
      defaulted(
        resources.virtualMachineInstances,
        draft('VirtualMachineInstance', { spec: { domain: { devices: {} } } }, { name: 'web', ownerReferences: [owner] }),
        { ...facts, uuid },
      )['spec'];
    expect(run('one')).toEqual(run('two'));
  });
});

describe('a definition', () => {
  const template = {
    spec: { domain: { devices: { interfaces: [{ name: 'lan', macAddress: 'DE-AD-00-00-BE-AF' }] }, memory: { guest: 1024 } } },
  };

  test('gets an identity, and little else', () => {
    expect(defaulted(resources.virtualMachines, draft('VirtualMachine', { spec: { running: true, template } }), facts)['spec']).toEqual({
      running: true,
      template: {
        spec: {
          architecture: 'amd64',
          domain: {
            devices: { interfaces: [{ name: 'lan', macAddress: 'DE-AD-00-00-BE-AF' }] },
            memory: { guest: '1024' },
            machine: { type: 'q35' },
            firmware: { uuid: facts.uuid, serial: '4cf4810a-e708-8297-af88-6d96bb0eac6c' },
          },
        },
      },
    });
  });

  test('keeps its identity, and gets none on an update', () => {
    const firmware = { uuid: 'mine', serial: 'too' };
    const own = { spec: { domain: { devices: {}, firmware } } };
    const spec = (given: object, more: Partial<DefaultingFacts>): unknown =>
      defaulted(resources.virtualMachines, draft('VirtualMachine', { spec: { template: given } }), { ...facts, ...more })['spec'];
    expect(spec(own, {})).toMatchObject({ template: { spec: { domain: { firmware } } } });
    expect(spec({ spec: { domain: { devices: {} } } }, { update: true })).toEqual({
      template: { spec: { architecture: 'amd64', domain: { devices: {}, machine: { type: 'q35' } } } },
    });
  });

  test('on another architecture', () => {
    const spec = { architecture: 'arm64', domain: { devices: {} } };
    expect(
      defaulted(resources.virtualMachines, draft('VirtualMachine', { spec: { template: { spec } } }), { ...facts, update: true })['spec'],
    ).toEqual({
      template: { spec: { architecture: 'arm64', domain: { devices: {}, machine: { type: 'virt' } } } },
    });
  });
});

describe('other kinds', () => {
  const settings = {
    language: 'auto',
    theme: 'auto',
    accelerator: 'auto',
    apiAccess: 'off',
    apiPort: 0,
    hostSleep: 'pause',
    closeToTray: 'ask',
  };
  test.each<[string, string, object, object]>([
    [
      'a claim grows on demand',
      resources.persistentVolumeClaims,
      { spec: { resources: { requests: { storage: 1_073_741_824 } } } },
      {
        metadata: { name: 'web', annotations: { 'virtdeck.io/disk-format': 'qcow2' } },
        spec: { volumeMode: 'Filesystem', resources: { requests: { storage: '1073741824' } } },
      },
    ],
    [
      "a disk's size is text",
      resources.dataVolumes,
      { spec: { source: { blank: {} }, storage: { resources: { requests: { storage: 5e9 } } } } },
      { spec: { source: { blank: {} }, storage: { resources: { requests: { storage: '5G' } } } } },
    ],
    [
      'texts of a Secret are encoded and win',
      resources.secrets,
      { data: { a: 'b2xk', c: 'a2VwdA==' }, stringData: { a: 'new', b: 'héllo ☃😀' } },
      { data: { a: 'bmV3', b: 'aMOpbGxvIOKYg/CfmIA=', c: 'a2VwdA==' }, type: 'Opaque' },
    ],
    ['a Secret keeps its type', resources.secrets, { type: 'kubernetes.io/tls' }, { type: 'kubernetes.io/tls' }],
    [
      'a project is labelled with its name',
      resources.namespaces,
      {},
      { metadata: { name: 'web', labels: { 'kubernetes.io/metadata.name': 'web' } }, spec: {} },
    ],
    ['settings are complete', resources.settings, { spec: { theme: 'dark' } }, { spec: { ...settings, theme: 'dark' } }],
    ['bad settings are left to be refused', resources.settings, { spec: { theme: 'pink' } }, { spec: { theme: 'pink' } }],
    ['an unknown kind is left alone', 'gadgets', { spec: { any: 1 } }, { spec: { any: 1 } }],
  ])('%s', (...[, resource, given, want]) => {
    const { apiVersion: _a, kind: _k, metadata, ...rest } = defaulted(resource, draft('Any', given), facts);
    expect('metadata' in want ? { metadata, ...rest } : rest).toEqual(want);
  });
});

describe('twice is once', () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const amount = fc.oneof(fc.constantFrom('1', '1500m', '1Gi', '0'), fc.nat(), fc.constantFrom(0.5, 2.25));
  const optional = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> => fc.option(value, { nil: undefined });
  const state = optional(fc.record({ enabled: optional(fc.boolean()) }));
  const target = fc.record({ bus: optional(fc.constantFrom('', 'virtio', 'sata')) });
  const spec = fc.record({
    architecture: optional(fc.constantFrom('', 'amd64', 'arm64')),
    terminationGracePeriodSeconds: optional(fc.nat()),
    networks: optional(fc.array(fc.record({ name, pod: fc.constant({}) }), { maxLength: 2 })),
    volumes: optional(fc.array(fc.record({ name, emptyDisk: optional(fc.record({ capacity: amount })) }), { maxLength: 3 })),
    domain: fc.record({
      cpu: optional(
        fc.record({
          cores: optional(fc.nat({ max: 4 })),
          sockets: optional(fc.nat({ max: 4 })),
          model: optional(fc.constantFrom('', 'EPYC')),
        }),
      ),
      memory: optional(fc.record({ guest: optional(amount), hugepages: optional(fc.record({ pageSize: fc.constant('2Mi') })) })),
      resources: optional(
        fc.record({
          requests: optional(fc.dictionary(fc.constantFrom('cpu', 'memory'), amount)),
          limits: optional(fc.dictionary(fc.constantFrom('cpu', 'memory'), amount)),
        }),
      ),
      firmware: optional(fc.record({ uuid: optional(fc.uuid()) })),
      features: optional(
        fc.record({
          acpi: state,
          smm: state,
          hyperv: optional(fc.record({ synictimer: state, synic: state, evmcs: state, vpindex: state })),
        }),
      ),
      devices: fc.record({
        autoattachPodInterface: optional(fc.boolean()),
        disks: optional(fc.array(fc.record({ name, disk: optional(target), cdrom: optional(target) }), { maxLength: 3 })),
        interfaces: optional(
          fc.array(fc.record({ name, macAddress: optional(fc.constantFrom('', 'DE-AD-00-00-BE-AF', 'x')) }), { maxLength: 2 }),
        ),
        inputs: optional(fc.array(fc.record({ name, type: fc.constantFrom('', 'tablet') }), { maxLength: 2 })),
      }),
    }),
  });
  const bodies: readonly [string, fc.Arbitrary<object>][] = [
    [resources.virtualMachineInstances, fc.record({ spec })],
    [resources.virtualMachines, fc.record({ spec: fc.record({ running: fc.boolean(), template: fc.record({ spec: optional(spec) }) }) })],
    [
      resources.secrets,
      fc.record({
        stringData: optional(fc.dictionary(name, fc.string({ unit: 'binary' }))),
        data: optional(fc.dictionary(name, fc.constant('YQ=='))),
      }),
    ],
    [
      resources.persistentVolumeClaims,
      fc.record({ spec: fc.record({ resources: optional(fc.record({ requests: optional(fc.dictionary(name, amount)) })) }) }),
    ],
    [resources.settings, fc.record({ spec: optional(fc.record({ theme: fc.constantFrom('dark', 'pink') })) })],
  ];

  test.each(bodies)('%s', (resource, body) => {
    fc.assert(
      fc.property(body, fc.uuid(), (given, uuid) => {
        const once = defaulted(resource, draft('Any', given), facts);
        expect(defaulted(resource, once, { ...facts, uuid })).toEqual(once);
      }),
    );
  });

  test('the text of a Secret comes back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { data } = defaulted(resources.secrets, draft('Secret', { stringData: { text } }), facts) as {
          data?: Record<string, string>;
        };
        expect(Buffer.from(data?.['text'] ?? '', 'base64').toString('utf8')).toBe(text.toWellFormed());
      }),
    );
  });
});

test('derived addresses of a thousand cards are a thousand local unicast addresses', () => {
  const interfaces = Array.from({ length: 1000 }, (_, index) => ({ name: `lan${index}`, masquerade: {} }));
  const spec = instanceSpec({ domain: { devices: { interfaces } } }) as typeof bare;
  const macs = spec.domain.devices.interfaces.map(({ macAddress }) => macAddress);
  expect(new Set(macs).size).toBe(1000);
  expect(macs.filter((mac) => !/^02(:[0-9a-f]{2}){5}$/.test(mac))).toEqual([]);
});
