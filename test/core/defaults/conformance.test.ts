// Owns measuring the defaults against what KubeVirt v1.9.0's mutating webhook made (test data that lies beside the project, when it is there).
// Must not adjust anything that is not a decision named here.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { VirtualMachineInstanceSpec } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { DraftObject } from '../../../electron/api/object.ts';
import { resources } from '../../../electron/api/resources.ts';
import { defaulted } from '../../../electron/core/defaults/defaults.ts';

type Spec = VirtualMachineInstanceSpec;
type Domain = Spec['domain'];

interface RecordedDefaulting {
  readonly id: string;
  readonly name: string;
  readonly kind: 'VirtualMachine' | 'VirtualMachineInstance';
  readonly allowed: boolean;
  readonly input: { readonly metadata: object; readonly spec: Spec & { readonly template: { readonly spec: Spec } } };
  readonly kubevirtConfiguration: Readonly<Record<string, unknown>>;
  readonly patch?: readonly { readonly path: string; readonly value: unknown }[];
}

const file = new URL('../../../../shared/kubevirt/defaulting-cases.json', import.meta.url);
const present = existsSync(file);

/** Settings of a cluster that have no counterpart here change what upstream makes. */
const usualConfiguration = JSON.stringify({
  liveUpdateConfiguration: { maxHotplugRatio: 4 },
  vmRolloutStrategy: 'LiveUpdate',
  hypervisors: [{ name: 'kvm' }],
});

/** Names of cases about what Virtdeck has no defaults for; the one of quantities is recorded as neither a create nor an update. */
const elsewhere =
  /preset|[Pp]reference|[Ii]nstancetype|arm64|ARM64|s390x|ppc64le|configur|being deleted|VMI status|InferFrom|override|on update|not override|Quantity fields/;

function relevant({ name, allowed, patch, kubevirtConfiguration, input }: RecordedDefaulting): boolean {
  const spec = input.spec?.template?.spec ?? input.spec;
  const architecture = spec?.architecture ?? 'amd64';
  const usual = JSON.stringify(kubevirtConfiguration) === usualConfiguration;
  return usual && allowed && patch?.some(({ path }) => path === '/spec') === true && architecture === 'amd64' && !elsewhere.test(name);
}

/** Our decisions, on what upstream made of `given`. */
function asDecidedHere(made: Spec, given: Spec): Spec {
  return { ...made, architecture: made.architecture ?? 'amd64', domain: domainAsDecidedHere(made, given), ...volumesAsDecidedHere(made) };
}

function domainAsDecidedHere({ domain }: Spec, given: Spec): Domain {
  const { cpu, memory, devices, ...rest } = domain;
  // No hot-plug: no maximum is made up.
  // A topology that is given in part is completed.
  const { maxSockets, ...topology } = { threads: 1, ...cpu };
  const { maxGuest, ...amounts } = memory ?? {};
  const keptMemory = given.domain.memory?.maxGuest === undefined ? amounts : { ...amounts, maxGuest };
  const { disks = [], interfaces = [] } = devices;
  return {
    ...rest,
    ...(cpu === undefined ? {} : { cpu: given.domain.cpu?.maxSockets === undefined ? topology : { ...topology, maxSockets } }),
    ...(Object.keys(keptMemory).length === 0 ? {} : { memory: keptMemory }),
    devices: {
      ...devices,
      // A disk that names no bus is virtio here, sata there.
      ...(disks.length === 0
        ? {}
        : { disks: disks.map((disk) => (isMadeUp(disk.name, given) ? { ...disk, disk: { ...disk.disk, bus: 'virtio' } } : disk)) }),
      // The card that nobody asked for is on the user network here, bridged to the pod there.
      ...(interfaces.length === 0 ? {} : { interfaces: given.domain.devices.interfaces ?? [{ name: 'default', masquerade: {} }] }),
    },
  };
}

function isMadeUp(name: string, given: Spec): boolean {
  const disk = given.domain.devices.disks?.find((asked) => asked.name === name);
  return disk === undefined || (disk.cdrom === undefined && disk.lun === undefined && (disk.disk?.bus ?? '') === '');
}

/** No container images are pulled. */
function volumesAsDecidedHere({ volumes }: Spec): Pick<Spec, 'volumes'> {
  if (volumes === undefined) return {};
  return {
    volumes: volumes.map(({ containerDisk, ...volume }) => {
      const { imagePullPolicy: _policy, ...disk } = containerDisk ?? { image: '' };
      return containerDisk === undefined ? volume : { ...volume, containerDisk: disk };
    }),
  };
}

/** What is made up anew for every object, and what upstream leaves to its controllers. */
function comparable(spec: Spec, given: Spec): Spec {
  const { terminationGracePeriodSeconds: seconds, ...rest } = spec;
  const { firmware, devices } = spec.domain;
  const { interfaces = [], disks = [] } = devices;
  return {
    ...rest,
    ...(given.terminationGracePeriodSeconds === undefined ? {} : { terminationGracePeriodSeconds: seconds }),
    domain: {
      ...spec.domain,
      ...(firmware === undefined
        ? {}
        : { firmware: { ...firmware, uuid: 'made', ...(firmware.serial === undefined ? {} : { serial: 'made' }) } }),
      devices: {
        ...devices,
        ...(disks.length === 0 ? {} : { disks }),
        ...(interfaces.length === 0 ? {} : { interfaces: interfaces.map(({ macAddress: _mac, ...card }) => card) }),
      },
    },
    ...volumesAsDecidedHere(spec),
  };
}

const where = present ? '' : ' (skipped: ../shared/kubevirt/defaulting-cases.json is not there)';

describe.skipIf(!present)(`defaults beside those recorded from KubeVirt v1.9.0${where}`, () => {
  const recorded = present ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly RecordedDefaulting[] }).cases : [];
  const cases = recorded.filter(relevant);

  test('there are cases to compare', () => {
    expect(cases.length).toBeGreaterThan(30);
  });

  test.each(cases)('$id $name', ({ kind, input, patch }) => {
    const resource = kind === 'VirtualMachine' ? resources.virtualMachines : resources.virtualMachineInstances;
    const object = { ...input, apiVersion: 'kubevirt.io/v1', kind } as unknown as DraftObject;
    const ours = defaulted(resource, object, { uuid: 'made', architecture: 'amd64' })['spec'] as typeof input.spec;
    const theirs = patch?.find(({ path }) => path === '/spec')?.value as typeof input.spec;
    const specOf = (spec: typeof input.spec): Spec => (kind === 'VirtualMachine' ? spec.template.spec : spec);
    const given = specOf(input.spec);
    expect(comparable(specOf(ours), given)).toEqual(comparable(asDecidedHere(specOf(theirs), given), given));
  });
});
