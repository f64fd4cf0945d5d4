// Owns the table of what an instance type and a preference make of a machine, and of what stands against them.
// Must not need an engine.
import { describe, expect, test } from 'vitest';
import type { InstancetypeSpec } from '../../../electron/api/kinds/instancetype.ts';
import type { PreferenceSpec } from '../../../electron/api/kinds/preference.ts';
import type { VirtualMachineInstanceSpec } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { applied, applyCauses } from '../../../electron/core/instancetype/apply.ts';
import { requirementCauses } from '../../../electron/core/instancetype/requirements.ts';

type Spec = VirtualMachineInstanceSpec;

const bare: Spec = { domain: { devices: {} } };
const small: InstancetypeSpec = { cpu: { guest: 1 }, memory: { guest: '2Gi' } };

function made(spec: Spec, choice: { readonly instancetype?: InstancetypeSpec; readonly preference?: PreferenceSpec }): Spec {
  return applied({ spec, annotations: {} }, choice).spec;
}

function domain(parts: Partial<Spec['domain']>): Spec {
  return { domain: { devices: {}, ...parts } };
}

describe('an instance type', () => {
  test('says processors and memory', () => {
    expect(made(bare, { instancetype: small })).toEqual(domain({ cpu: { sockets: 1, cores: 1, threads: 1 }, memory: { guest: '2Gi' } }));
  });

  test('says everything else that it has', () => {
    const instancetype: InstancetypeSpec = {
      cpu: {
        guest: 4,
        model: 'EPYC',
        dedicatedCPUPlacement: true,
        isolateEmulatorThread: true,
        maxSockets: 8,
        numa: { guestMappingPassthrough: {} },
      },
      memory: { guest: '4Gi', hugepages: { pageSize: '2Mi' }, maxGuest: '8Gi' },
      gpus: [{ name: 'gpu', deviceName: 'vendor.com/gpu' }],
      hostDevices: [{ name: 'nic', deviceName: 'vendor.com/nic' }],
      ioThreadsPolicy: 'auto',
      ioThreads: { supplementalPoolThreadCount: 2 },
      nodeSelector: { fast: 'true' },
      schedulerName: 'mine',
      annotations: { a: '1', b: '2' },
    };
    const result = applied({ spec: bare, annotations: { b: '2', c: '3' } }, { instancetype });
    expect(result.annotations).toEqual({ a: '1', b: '2', c: '3' });
    expect(result.spec).toEqual({
      nodeSelector: { fast: 'true' },
      schedulerName: 'mine',
      domain: {
        cpu: {
          sockets: 4,
          cores: 1,
          threads: 1,
          model: 'EPYC',
          dedicatedCpuPlacement: true,
          isolateEmulatorThread: true,
          maxSockets: 8,
          numa: { guestMappingPassthrough: {} },
        },
        memory: { guest: '4Gi', hugepages: { pageSize: '2Mi' }, maxGuest: '8Gi' },
        ioThreadsPolicy: 'auto',
        ioThreads: { supplementalPoolThreadCount: 2 },
        devices: {
          gpus: [{ name: 'gpu', deviceName: 'vendor.com/gpu' }],
          hostDevices: [{ name: 'nic', deviceName: 'vendor.com/nic' }],
        },
      },
    });
  });

  test.each([
    ['2Gi', 50, '1Gi'],
    ['512Mi', 50, '256Mi'],
    ['1Gi', 10, '966367641'],
    ['1G', 25, '750M'],
    ['2Gi', 0, undefined],
    ['2Gi', 100, '0'],
  ])('%s overcommitted by %i %% asks for %s', (guest, overcommitPercent, want) => {
    const spec = made(bare, { instancetype: { cpu: { guest: 1 }, memory: { guest, overcommitPercent } } });
    expect(spec.domain.memory?.guest).toBe(guest);
    expect(spec.domain.resources?.requests?.['memory']).toBe(want);
  });
});

describe('the layout of processors', () => {
  const preferred = (cpu: PreferenceSpec['cpu'], more: PreferenceSpec = {}): PreferenceSpec => ({
    ...more,
    ...(cpu === undefined ? {} : { cpu }),
  });
  test.each<[string, number, PreferenceSpec | undefined, readonly [number, number, number] | string]>([
    ['no preference', 4, undefined, [4, 1, 1]],
    ['any', 4, preferred({ preferredCPUTopology: 'any' }), [4, 1, 1]],
    ['cores', 4, preferred({ preferredCPUTopology: 'cores' }), [1, 4, 1]],
    ['threads', 4, preferred({ preferredCPUTopology: 'threads' }), [1, 1, 4]],
    ['the older word', 4, preferred({ preferredCPUTopology: 'preferCores' }), [1, 4, 1]],
    ['one processor is one core', 1, preferred({ preferredCPUTopology: 'threads' }), [1, 1, 1]],
    ['spread over sockets and cores', 8, preferred({ preferredCPUTopology: 'spread' }), [4, 2, 1]],
    ['spread by the older ratio', 8, preferred({ preferredCPUTopology: 'spread' }, { preferSpreadSocketToCoreRatio: 4 }), [2, 4, 1]],
    [
      'spread over cores and threads',
      8,
      preferred({ preferredCPUTopology: 'spread', spreadOptions: { across: 'CoresThreads' } }),
      [1, 4, 2],
    ],
    [
      'spread over all three',
      8,
      preferred({ preferredCPUTopology: 'spread', spreadOptions: { across: 'SocketsCoresThreads', ratio: 2 } }),
      [2, 2, 2],
    ],
    [
      'odd over two',
      3,
      preferred({ preferredCPUTopology: 'spread' }),
      '3 vCPUs provided by the instance type are not divisible by the Spec.PreferSpreadSocketToCoreRatio or Spec.CPU.PreferSpreadOptions.Ratio of 2 provided by the preference',
    ],
    [
      'odd over threads',
      3,
      preferred({ preferredCPUTopology: 'spread', spreadOptions: { across: 'CoresThreads' } }),
      '3 vCPUs provided by the instance type are not divisible by the number of threads per core 2',
    ],
    [
      'six over three twos',
      6,
      preferred({ preferredCPUTopology: 'spread', spreadOptions: { across: 'SocketsCoresThreads', ratio: 2 } }),
      '6 vCPUs provided by the instance type are not divisible by the number of threads per core 2 and Spec.PreferSpreadSocketToCoreRatio or Spec.CPU.PreferSpreadOptions.Ratio of 2',
    ],
  ])('%s', (...[, guest, preference, want]) => {
    const choice = { instancetype: { cpu: { guest }, memory: { guest: '1Gi' } }, ...(preference === undefined ? {} : { preference }) };
    const causes = applyCauses({ spec: bare, annotations: {} }, choice, 'spec');
    if (typeof want === 'string') {
      expect(causes.map(({ field, message }) => [field, message])).toEqual([['instancetype.spec.cpu.guest', want]]);
      return;
    }
    expect(causes).toEqual([]);
    const cpu = made(bare, choice).domain.cpu;
    expect([cpu?.sockets, cpu?.cores, cpu?.threads]).toEqual(want);
  });
});

describe('what the machine says, and the instance type says already', () => {
  test.each<[string, Spec, Partial<InstancetypeSpec>]>([
    ['domain.cpu.sockets', domain({ cpu: { sockets: 2 } }), {}],
    ['domain.cpu.cores', domain({ cpu: { cores: 2 } }), {}],
    ['domain.cpu.threads', domain({ cpu: { threads: 2 } }), {}],
    ['domain.cpu.model', domain({ cpu: { model: 'EPYC' } }), { cpu: { guest: 1, model: 'host-model' } }],
    [
      'domain.cpu.dedicatedCpuPlacement',
      domain({ cpu: { dedicatedCpuPlacement: true } }),
      { cpu: { guest: 1, dedicatedCPUPlacement: false } },
    ],
    [
      'domain.cpu.isolateEmulatorThread',
      domain({ cpu: { isolateEmulatorThread: true } }),
      { cpu: { guest: 1, isolateEmulatorThread: true } },
    ],
    ['domain.cpu.numa', domain({ cpu: { numa: {} } }), { cpu: { guest: 1, numa: {} } }],
    ['domain.cpu.realtime', domain({ cpu: { realtime: {} } }), { cpu: { guest: 1, realtime: {} } }],
    ['domain.memory.guest', domain({ memory: { guest: '1Gi' } }), {}],
    [
      'domain.memory.hugepages',
      domain({ memory: { hugepages: { pageSize: '2Mi' } } }),
      { memory: { guest: '1Gi', hugepages: { pageSize: '1Gi' } } },
    ],
    ['domain.memory.maxGuest', domain({ memory: { maxGuest: '2Gi' } }), { memory: { guest: '1Gi', maxGuest: '4Gi' } }],
    ['domain.resources.requests.cpu', domain({ resources: { requests: { cpu: '1' } } }), {}],
    ['domain.resources.limits.cpu', domain({ resources: { limits: { cpu: '1' } } }), {}],
    ['domain.resources.requests.memory', domain({ resources: { requests: { memory: '1Gi' } } }), {}],
    ['domain.resources.limits.memory', domain({ resources: { limits: { memory: '1Gi' } } }), {}],
    ['domain.ioThreadsPolicy', domain({ ioThreadsPolicy: 'auto' }), { ioThreadsPolicy: 'shared' }],
    ['domain.ioThreads', domain({ ioThreads: {} }), { ioThreads: {} }],
    ['domain.launchSecurity', domain({ launchSecurity: {} }), { launchSecurity: {} }],
    ['domain.devices.gpus', domain({ devices: { gpus: [{ name: 'a', deviceName: 'b' }] } }), { gpus: [{ name: 'c', deviceName: 'd' }] }],
    [
      'domain.devices.hostDevices',
      domain({ devices: { hostDevices: [{ name: 'a', deviceName: 'b' }] } }),
      { hostDevices: [{ name: 'c', deviceName: 'd' }] },
    ],
    ['nodeSelector', { ...bare, nodeSelector: { a: 'b' } }, { nodeSelector: {} }],
    ['schedulerName', { ...bare, schedulerName: 'mine' }, { schedulerName: 'theirs' }],
  ])('%s', (name, spec, more) => {
    const field = `spec.template.spec.${name}`;
    expect(applyCauses({ spec, annotations: {} }, { instancetype: { ...small, ...more } }, 'spec.template.spec')).toEqual([
      {
        reason: 'FieldValueInvalid',
        field,
        message: `VM field(s) ${field} conflicts with selected instance type`,
        fix: 'Remove it, or choose no instance type.',
      },
    ]);
  });

  test('all of it is said at once, annotations with it', () => {
    const spec = domain({ cpu: { cores: 2 }, memory: { guest: '1Gi' } });
    const causes = applyCauses({ spec, annotations: { a: 'mine' } }, { instancetype: { ...small, annotations: { a: 'theirs' } } }, 'spec');
    expect(causes.map(({ field }) => field)).toEqual(['spec.domain.cpu.cores', 'spec.domain.memory.guest', 'annotations.a']);
  });

  test('only what the instance type sets', () => {
    const spec = domain({ cpu: { model: 'EPYC', dedicatedCpuPlacement: true }, memory: { hugepages: { pageSize: '2Mi' } } });
    expect(applyCauses({ spec, annotations: {} }, { instancetype: small }, 'spec')).toEqual([]);
  });
});

describe('a preference fills only what is empty', () => {
  const preference: PreferenceSpec = {
    annotations: { a: '1' },
    clock: { preferredClockOffset: { utc: {} }, preferredTimer: { hpet: { present: false } } },
    cpu: { preferredCPUFeatures: [{ name: 'vmx', policy: 'require' }, { name: 'svm' }] },
    devices: {
      preferredDiskBus: 'virtio',
      preferredCdromBus: 'scsi',
      preferredLunBus: 'sata',
      preferredDiskCache: 'none',
      preferredDiskIO: 'native',
      preferredDiskDedicatedIoThread: true,
      preferredInterfaceModel: 'virtio',
      preferredInterfaceMasquerade: {},
      preferredInputBus: 'usb',
      preferredInputType: 'tablet',
      preferredSoundModel: 'ich9',
      preferredRng: {},
      preferredTPM: {},
      preferredAutoattachGraphicsDevice: false,
      preferredNetworkInterfaceMultiQueue: true,
      preferredPanicDeviceModel: 'isa',
      preferredVideoType: 'vga',
    },
    features: { preferredAcpi: {}, preferredSmm: {}, preferredHyperv: { relaxed: {}, vapic: {} } },
    firmware: { preferredUseEfi: true, preferredUseSecureBoot: true },
    machine: { preferredMachineType: 'pc-q35-7.2' },
    preferredSubdomain: 'lan',
    preferredTerminationGracePeriodSeconds: 7,
  };

  test('all of an empty machine', () => {
    const spec: Spec = {
      domain: {
        devices: {
          disks: [{ name: 'root' }, { name: 'cd', cdrom: {} }, { name: 'lun', lun: {} }],
          interfaces: [{ name: 'default' }, { name: 'lan', bridge: {} }],
          inputs: [{ name: 'pen', type: '' }],
          sound: { name: 'ears' },
        },
      },
      networks: [
        { name: 'default', pod: {} },
        { name: 'lan', multus: { networkName: 'lan' } },
      ],
    };
    expect(applied({ spec, annotations: {} }, { preference })).toEqual({
      annotations: { a: '1' },
      spec: {
        ...spec,
        subdomain: 'lan',
        terminationGracePeriodSeconds: 7,
        domain: {
          clock: { utc: {}, timer: { hpet: { present: false } } },
          cpu: { features: [{ name: 'vmx', policy: 'require' }, { name: 'svm' }] },
          features: { acpi: {}, smm: {}, hyperv: { relaxed: {}, vapic: {} } },
          firmware: { bootloader: { efi: { secureBoot: true } } },
          machine: { type: 'pc-q35-7.2' },
          devices: {
            disks: [
              { name: 'root', disk: { bus: 'virtio' }, cache: 'none', io: 'native', dedicatedIOThread: true },
              { name: 'cd', cdrom: { bus: 'scsi' } },
              { name: 'lun', lun: { bus: 'sata' } },
            ],
            interfaces: [
              { name: 'default', model: 'virtio', masquerade: {} },
              { name: 'lan', bridge: {}, model: 'virtio' },
            ],
            inputs: [{ name: 'pen', bus: 'usb', type: 'tablet' }],
            sound: { name: 'ears', model: 'ich9' },
            rng: {},
            tpm: {},
            autoattachGraphicsDevice: false,
            networkInterfaceMultiqueue: true,
            panicDevices: [{ model: 'isa' }],
            video: { type: 'vga' },
          },
        },
      },
    });
  });

  test('nothing of a full one, but ACPI, which upstream cannot tell apart', () => {
    const spec: Spec = {
      subdomain: 'mine',
      terminationGracePeriodSeconds: 1,
      domain: {
        clock: { timezone: 'Europe/Berlin', timer: {} },
        cpu: {
          features: [
            { name: 'vmx', policy: 'forbid' },
            { name: 'svm', policy: 'forbid' },
          ],
        },
        features: { acpi: { enabled: false }, smm: { enabled: false }, hyperv: { relaxed: { enabled: false }, vapic: { enabled: false } } },
        firmware: { bootloader: { bios: {} } },
        machine: { type: 'q35' },
        devices: {
          disks: [
            { name: 'root', disk: { bus: 'sata' }, cache: 'writeback', io: 'threads', dedicatedIOThread: false },
            { name: 'cd', cdrom: { bus: 'sata' } },
            { name: 'lun', lun: { bus: 'scsi' } },
          ],
          interfaces: [{ name: 'default', model: 'e1000', bridge: {} }],
          inputs: [{ name: 'pen', bus: 'virtio', type: 'keyboard' }],
          sound: { name: 'ears', model: 'ac97' },
          rng: {},
          tpm: { persistent: true },
          autoattachGraphicsDevice: true,
          networkInterfaceMultiqueue: false,
          panicDevices: [{ model: 'hyperv' }],
          video: { type: 'virtio' },
        },
      },
      networks: [{ name: 'default', pod: {} }],
    };
    expect(applied({ spec, annotations: { a: '2' } }, { preference })).toEqual({
      annotations: { a: '2' },
      spec: { ...spec, domain: { ...spec.domain, features: { ...spec.domain.features, acpi: {} } } },
    });
  });

  test.each<[string, PreferenceSpec['firmware'], Spec['domain']['firmware'], Spec['domain']['firmware']]>([
    ['EFI as it is written', { preferredEfi: { secureBoot: false } }, undefined, { bootloader: { efi: { secureBoot: false } } }],
    ['BIOS', { preferredUseBios: true, preferredUseBiosSerial: true }, undefined, { bootloader: { bios: { useSerial: true } } }],
    ['BIOS before EFI', { preferredUseBios: true, preferredUseEfi: true }, undefined, { bootloader: { bios: {} } }],
    [
      'the serial console of a BIOS',
      { preferredUseBiosSerial: true },
      { bootloader: { bios: {} } },
      { bootloader: { bios: { useSerial: true } } },
    ],
    [
      'Secure Boot of an EFI',
      { preferredUseSecureBoot: false },
      { bootloader: { efi: {} } },
      { bootloader: { efi: { secureBoot: false } } },
    ],
    ['nothing', {}, { uuid: 'u' }, { uuid: 'u' }],
    ['the identity stays', { preferredUseEfi: true }, { uuid: 'u' }, { uuid: 'u', bootloader: { efi: {} } }],
  ])('firmware: %s', (...[, wanted, own, want]) => {
    const result = made(domain(own === undefined ? {} : { firmware: own }), {
      preference: wanted === undefined ? {} : { firmware: wanted },
    });
    expect(result.domain.firmware).toEqual(want);
  });

  test('enlightenments keep out of a machine that passes its own on', () => {
    const spec = domain({ features: { hypervPassthrough: { enabled: true } } });
    expect(made(spec, { preference }).domain.features?.hyperv).toBeUndefined();
  });
});

describe('what a preference requires', () => {
  const needs = (cpu: number | undefined, memory: string | undefined, more: PreferenceSpec = {}): PreferenceSpec => ({
    ...more,
    requirements: { ...(cpu === undefined ? {} : { cpu: { guest: cpu } }), ...(memory === undefined ? {} : { memory: { guest: memory } }) },
  });
  test.each<[string, Spec, InstancetypeSpec | undefined, PreferenceSpec, readonly string[]]>([
    ['met by the instance type', bare, small, needs(1, '2Gi'), []],
    [
      'missed by the instance type',
      bare,
      small,
      needs(2, '4Gi'),
      [
        'spec.instancetype: insufficient CPU resources of 1 vCPU provided by instance type, preference requires 2 vCPU',
        'spec.instancetype: insufficient Memory resources of 2Gi provided by instance type, preference requires 4Gi',
      ],
    ],
    [
      'missed by the machine',
      domain({ cpu: { sockets: 1 }, memory: { guest: '1Gi' } }),
      undefined,
      needs(2, '2Gi'),
      [
        'spec.template.spec.domain.cpu.sockets: insufficient CPU resources of 1 vCPU provided by VirtualMachine, preference requires 2 vCPU provided as sockets',
        'spec.template.spec.domain.memory: insufficient Memory resources of 1Gi provided by VirtualMachine, preference requires 2Gi',
      ],
    ],
    [
      'counted in cores',
      domain({ cpu: { sockets: 4, cores: 1 } }),
      undefined,
      needs(2, undefined, { cpu: { preferredCPUTopology: 'cores' } }),
      [
        'spec.template.spec.domain.cpu.cores: insufficient CPU resources of 1 vCPU provided by VirtualMachine, preference requires 2 vCPU provided as cores',
      ],
    ],
    [
      'counted together',
      domain({ cpu: { sockets: 2, cores: 2, threads: 1 } }),
      undefined,
      needs(4, undefined, { cpu: { preferredCPUTopology: 'any' } }),
      [],
    ],
    [
      'no processors',
      bare,
      undefined,
      needs(1, undefined),
      ['spec.template.spec.domain.cpu: no CPU resources provided by VirtualMachine, preference requires 1 vCPU'],
    ],
    [
      'another architecture',
      { ...bare, architecture: 'amd64' },
      undefined,
      { requirements: { architecture: 'arm64' } },
      ['spec.template.spec.architecture: preference requires architecture arm64 but amd64 is being requested'],
    ],
  ])('%s', (...[, spec, instancetype, preference, want]) => {
    const causes = requirementCauses(spec, { preference, ...(instancetype === undefined ? {} : { instancetype }) });
    const prefix = 'failure checking preference requirements: ';
    expect(causes.map(({ field, message }) => `${field}: ${message.replace(prefix, '')}`)).toEqual(want);
    expect(causes.every(({ message, fix }) => message.startsWith(prefix) && fix !== undefined)).toBe(true);
  });
});
