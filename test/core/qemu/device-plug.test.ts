// Owns the table of what may be plugged into a running machine: behind which port, in which order, and every reason why not.
// Must not repeat which device an entry gets; golden cases have that.
import { describe, expect, test } from 'vitest';
import { annotations } from '../../../electron/api/annotations.ts';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { type DevicePlugFacts, devicePlug } from '../../../electron/core/qemu/device-plug.ts';
import { deviceWork, lostDevices } from '../../../electron/core/qemu/device-unplug.ts';
import { devicesOf, type GoldenDevices } from '../../golden/golden-devices.ts';
import { machine } from './machines.ts';

const domains = [
  { name: 'near', memoryNodes: [0] },
  { name: 'far', memoryNodes: [1] },
];

const computer: GoldenDevices = {
  permitted: {
    pciHostDevices: [
      { pciDeviceSelector: '8086:10d3', resourceName: 'intel.com/nic' },
      { pciDeviceSelector: '10de:1eb8', resourceName: 'nvidia.com/t4' },
      { pciDeviceSelector: '10de:10f8', resourceName: 'nvidia.com/sound' },
      { pciDeviceSelector: '8086:1572', resourceName: 'intel.com/far' },
      { pciDeviceSelector: '8086:100e', resourceName: 'intel.com/unbound' },
      { pciDeviceSelector: '8086:100f', resourceName: 'intel.com/shared' },
    ],
    usb: [{ resourceName: 'acme.com/key', selectors: [{ vendor: '046d', product: 'c52b' }] }],
  },
  pci: {
    '0000:01:00.0': { id: '10de:1eb8', classCode: '030000', iommuGroup: 'g' },
    '0000:01:00.1': { id: '10de:10f8', classCode: '040300', iommuGroup: 'g' },
    '0000:02:00.0': { id: '8086:10d3' },
    '0000:03:00.0': { id: '8086:1572', numaNode: 1 },
    '0000:05:00.0': { id: '8086:100e', driver: 'e1000' },
    '0000:06:01.0': { id: '8086:100f', iommuGroup: '6' },
    '0000:06:02.0': { id: '8086:9999', iommuGroup: '6', driver: 'e1000' },
  },
  usb: { '1-2': { id: '046d:c52b' } },
};

interface Run {
  readonly hostDevices?: Readonly<Record<string, string>>;
  readonly gpus?: Readonly<Record<string, string>>;
  readonly held?: Readonly<Record<string, readonly string[]>>;
  readonly options?: string;
  readonly request?: string;
}

function run({ hostDevices = {}, gpus = {}, held = {}, options, request }: Run): VirtualMachineInstance {
  const entries = (list: Readonly<Record<string, string>>) => Object.entries(list).map(([name, deviceName]) => ({ name, deviceName }));
  const notes = {
    [annotations.hostDevices]: JSON.stringify(held),
    ...(options === undefined ? {} : { [annotations.hostDeviceOptions]: options }),
  };
  const domain = {
    memory: { guest: '1Gi' },
    ...(request === undefined ? {} : { resources: { requests: { memory: request } } }),
  };
  const devices = { hostDevices: entries(hostDevices), gpus: entries(gpus) };
  return { ...machine({ annotations: notes, domain, devices }), status: { nodeName: 'near' } };
}

interface Running {
  readonly computer?: GoldenDevices;
  readonly ids?: readonly string[];
  readonly buses?: readonly string[];
  readonly unreadable?: readonly string[];
}

const ports = ['port-host0', 'port-disk0', 'port-disk1', 'port-disk2', 'port-disk3', 'usb0'];

function facts({ computer: given = computer, ids = ports, buses = ['port-disk0'], unreadable = [] }: Running = {}): DevicePlugFacts {
  return {
    devices: devicesOf(given, domains),
    running: { ids, buses: new Set(buses) },
    unreadableFiles: new Set(unreadable),
    accelerator: 'tcg',
  };
}

const names = ({ spec: { domain } }: VirtualMachineInstance): readonly string[] =>
  [...(domain.devices.gpus ?? []), ...(domain.devices.hostDevices ?? [])].map(({ name }) => name);

describe('what is plugged in', () => {
  test('a card goes to the port that waits for one, the next to the last port of disks, and memory is to be locked', () => {
    const vmi = run({ hostDevices: { nic: 'intel.com/nic', key: 'acme.com/key' }, gpus: { gpu: 'nvidia.com/t4' } });
    const { bundles, refused } = devicePlug(vmi, names(vmi), facts());
    expect(refused).toEqual([]);
    expect(bundles.map((bundle) => [bundle.names, bundle.lockedMiB])).toEqual([
      [['gpu'], 1024 + 16 + 64],
      [['nic'], 1024 + 16 + 64],
      [['key'], undefined],
    ]);
    const sent = bundles.flatMap(({ commands }) => commands.map(({ execute, arguments: args }) => `${execute} ${JSON.stringify(args)}`));
    expect(sent).toEqual([
      // Function 0 last: with it the guest looks at the card.
      'device_add {"driver":"vfio-pci","id":"host-gpu.1","bus":"port-host0","addr":"0x0.0x1","host":"0000:01:00.1"}',
      'device_add {"driver":"vfio-pci","id":"host-gpu","bus":"port-host0","addr":"0x0.0x0","multifunction":true,"host":"0000:01:00.0"}',
      'device_add {"driver":"vfio-pci","id":"host-nic","bus":"port-disk3","addr":"0x0.0x0","host":"0000:02:00.0"}',
      'device_add {"driver":"usb-host","id":"host-key","bus":"usb0.0","hostbus":1,"hostport":"2"}',
    ]);
  });

  test('two entries of one card come together, behind one port', () => {
    const split: GoldenDevices = {
      ...computer,
      pci: { ...computer.pci, '0000:01:00.1': { id: '10de:10f8', classCode: '040300', iommuGroup: 'own' } },
    };
    const vmi = run({ hostDevices: { sound: 'nvidia.com/sound' }, gpus: { gpu: 'nvidia.com/t4' } });
    const { bundles } = devicePlug(vmi, names(vmi), facts({ computer: split }));
    expect(bundles.map((bundle) => bundle.names)).toEqual([['gpu', 'sound']]);
    expect(bundles[0]?.commands.map(({ arguments: args }) => args?.['bus'])).toEqual(['port-host0', 'port-host0']);
  });
});

interface Row {
  readonly what: string;
  readonly run: Run;
  readonly running?: Running;
  readonly says: readonly string[];
  readonly atRestart: boolean;
}

const nic = { hostDevices: { nic: 'intel.com/nic' } };

const rows: readonly Row[] = [
  {
    what: 'not on the allow list',
    run: { hostDevices: { x: 'acme.com/none' } },
    says: ['HostDevice acme.com/none is not permitted in permittedHostDevices configuration'],
    atRestart: false,
  },
  {
    what: 'not bound',
    run: { hostDevices: { x: 'intel.com/unbound' } },
    says: ['0000:05:00.0 is driven by e1000, not by vfio-pci.'],
    atRestart: false,
  },
  {
    what: 'the rest of its group is used by the computer',
    run: { hostDevices: { x: 'intel.com/shared' } },
    says: ['The IOMMU group of 0000:06:01.0 is not viable: this computer uses 0000:06:02.0 (e1000) of it.'],
    atRestart: false,
  },
  {
    what: 'another machine has it',
    run: nic,
    running: { computer: { ...computer, held: { '0000:02:00.0': 'default/db' } } },
    says: ['0000:02:00.0: in use by the machine default/db.'],
    atRestart: false,
  },
  {
    what: 'it is near other memory',
    run: { hostDevices: { x: 'intel.com/far' } },
    says: ['0000:03:00.0 is at the node far; the machine goes to near.'],
    atRestart: true,
  },
  {
    what: 'no port is left, and memory is shared: both',
    run: { ...nic, request: '512Mi' },
    running: { buses: ['port-host0', 'port-disk0', 'port-disk1', 'port-disk2', 'port-disk3'] },
    says: [
      'All 1024 MiB of a machine with devices of this computer are locked; only 512 MiB are asked for.',
      'The running machine has no slot left for nic, which takes 1.',
    ],
    atRestart: true,
  },
  {
    what: 'too little may be locked',
    run: nic,
    running: { computer: { ...computer, lockLimitMiB: 8 } },
    says: ['With devices of this computer all memory is locked: 1104 MiB; you may lock 8 MiB.'],
    atRestart: true,
  },
  {
    what: 'its ROM cannot be read',
    run: { ...nic, options: '{"nic":{"romFile":"/roms/x"}}' },
    running: { unreadable: ['/roms/x'] },
    says: ['The ROM of nic, /roms/x, cannot be read.'],
    atRestart: false,
  },
  {
    what: 'it is to be the first screen',
    run: { gpus: { gpu: 'nvidia.com/t4' }, options: '{"gpu":{"primaryGpu":true}}' },
    says: ['gpu is to be the first screen of the machine, which firmware draws on before anything else runs.'],
    atRestart: true,
  },
  {
    what: 'the machine has it already, by another name',
    run: { hostDevices: { gpu: 'nvidia.com/t4', sound: 'nvidia.com/sound' }, held: { gpu: ['0000:01:00.0', '0000:01:00.1'] } },
    says: ['The machine has 0000:01:00.0 already, by another name or as part of a card.'],
    atRestart: true,
  },
  {
    what: 'USB without a controller',
    run: { hostDevices: { key: 'acme.com/key' } },
    running: { ids: ['port-host0'] },
    says: ['The running machine has no USB controller.'],
    atRestart: true,
  },
];

describe('what is not', () => {
  test.each(rows)('$what', ({ run: given, running, says, atRestart }) => {
    const vmi = run(given);
    const { plug } = deviceWork(vmi, [], new Set());
    const { bundles, refused } = devicePlug(vmi, plug, facts(running));
    expect(bundles).toEqual([]);
    expect(refused.flatMap(({ causes }) => causes.map(({ message }) => message))).toEqual(says);
    expect(refused.flatMap(({ causes }) => causes.map(({ fix }) => fix))).not.toContain(undefined);
    expect(refused.map(({ needsRestart }) => needsRestart)).toEqual([atRestart]);
  });

  test('more than the project may have', () => {
    const vmi = run(nic);
    const quota = { metadata: { name: 'few' }, spec: { hard: { 'requests.intel.com/nic': '0' } } };
    const given = { ...facts(), quota: { quotas: [quota as never], limitRanges: [], machines: [] } };
    const { refused } = devicePlug(vmi, ['nic'], given);
    expect(refused.flatMap(({ causes }) => causes.map(({ reason }) => reason))).toEqual(['ExceededQuota']);
  });

  test('nothing for the quota of a device whose name begins the same', () => {
    const vmi = run({ hostDevices: { nic: 'intel.com/nic', more: 'intel.com/nic2' } });
    const quota = { metadata: { name: 'few' }, spec: { hard: { 'requests.intel.com/nic2': '0' } } };
    const range = { metadata: { name: 'least' }, spec: { limits: [{ type: 'Container', min: { 'intel.com/nic2': '2' } }] } };
    const given = { ...facts(), quota: { quotas: [quota as never], limitRanges: [range as never], machines: [] } };
    const { bundles, refused } = devicePlug(vmi, ['nic', 'more'], given);
    expect(bundles.flatMap((bundle) => bundle.names)).toEqual(['nic']);
    expect(refused.map(({ name, causes }) => [name, causes.map(({ reason }) => reason)])).toEqual([
      ['more', ['OutsideLimitRange', 'OutsideLimitRange', 'ExceededQuota']],
    ]);
  });

  test('more than its project may have together with the virtual functions of its network cards', () => {
    const plain = run({ hostDevices: { nic: 'intel.com/nic' } });
    const { domain } = plain.spec;
    const devices = { ...domain.devices, interfaces: [{ name: 'blue', sriov: {} }] };
    const networks = [{ name: 'blue', multus: { networkName: 'blue' } }];
    const vmi = { ...plain, spec: { ...plain.spec, domain: { ...domain, devices }, networks } };
    const quota = { metadata: { name: 'few' }, spec: { hard: { 'requests.intel.com/nic': '1' } } };
    const plug = (networkResources: Readonly<Record<string, string>>): readonly unknown[] => {
      const given = {
        ...facts({ computer: { ...computer, networkResources } }),
        quota: { quotas: [quota as never], limitRanges: [], machines: [] },
      };
      return devicePlug(vmi, ['nic'], given).refused.map(({ name, causes }) => [name, causes.map(({ reason }) => reason)]);
    };
    expect([plug({}), plug({ 'default/blue': 'intel.com/nic' })]).toEqual([[], [['nic', ['ExceededQuota']]]]);
  });

  test.each<[string, Run, Running, DevicePlugFacts['quota']]>([
    ['it is not bound', { hostDevices: { x: 'intel.com/unbound' } }, {}, undefined],
    ['no port is left', { hostDevices: { x: 'intel.com/nic' } }, { ids: [] }, undefined],
    [
      'it is more than the project may have',
      { hostDevices: { x: 'intel.com/nic', y: 'intel.com/nic' } },
      {},
      {
        quotas: [{ metadata: { name: 'few' }, spec: { hard: { 'requests.intel.com/nic': '0' } } } as never],
        limitRanges: [],
        machines: [],
      },
    ],
  ])('nobody is told of an optional device: %s', (...[, given, running, quota]) => {
    const vmi = run({ ...given, options: '{"x":{"optional":true}}' });
    const { refused } = devicePlug(vmi, ['x'], { ...facts(running), ...(quota === undefined ? {} : { quota }) });
    expect(refused.map(({ name, isOptional }) => [name, isOptional])).toEqual([['x', true]]);
  });
});

describe('what is taken out', () => {
  const card = { gpu: ['0000:01:00.0', '0000:01:00.1'], sound: ['0000:01:00.0', '0000:01:00.1'] };

  test('all functions of a name that no entry has any more', () => {
    const ids = ['host-nic', 'host-nic.1', 'host-nice', 'port-host0'];
    const work = deviceWork(run({ held: { nic: ['0000:02:00.0'] } }), ids, new Set());
    expect(work).toEqual({ plug: [], unplug: [{ name: 'nic', ids: ['host-nic', 'host-nic.1'] }], stays: [] });
  });

  test('not one that shares its card with one that stays', () => {
    const work = deviceWork(run({ gpus: { gpu: 'nvidia.com/t4' }, held: card }), ['host-sound', 'host-sound.1'], new Set());
    expect([work.unplug, work.stays.map(({ name, cause }) => `${name}: ${cause.message}`)]).toEqual([
      [],
      ['sound: sound is of the same card as gpu, which stays.'],
    ]);
  });

  test('what QEMU took in part, before it is tried again', () => {
    const vmi = run({ ...nic, held: { nic: ['0000:02:00.0'] } });
    expect(deviceWork(vmi, ['host-nic.1'], new Set(['nic'])).unplug).toEqual([{ name: 'nic', ids: ['host-nic.1'] }]);
  });

  test('a card of two names that goes by one is not lost', () => {
    const vmi = run({ held: { ...card, nic: ['0000:02:00.0'] } });
    expect(lostDevices(vmi, ['host-sound', 'host-sound.1'])).toEqual(['nic']);
  });
});
