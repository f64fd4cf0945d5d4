// Owns measuring the defaults against what KubeVirt v1.9.0's mutating webhook made (test data that lies beside the project, when it is there).
// Must not adjust anything that is not a decision named here.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { VirtualMachineInstance, VirtualMachineInstanceSpec } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachineInstancePreset } from '../../../electron/api/kinds/virtual-machine-instance-preset.ts';
import type { PreferenceSpec } from '../../../electron/api/kinds/preference.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import type { DraftObject } from '../../../electron/api/object.ts';
import { resources } from '../../../electron/api/resources.ts';
import { defaulted } from '../../../electron/core/defaults/defaults.ts';
import { withPresets } from '../../../electron/core/defaults/presets.ts';
import { type Matcher, matcherCauses, matcherNames } from '../../../electron/core/instancetype/matcher.ts';
import { sameJson } from '../../../electron/core/status/same-json.ts';
import { knownDefaultingDifferences, numbered } from './known-differences.ts';

type Spec = VirtualMachineInstanceSpec;
type Domain = Spec['domain'];

interface RecordedDefaulting {
  readonly id: string;
  readonly name: string;
  readonly kind: 'VirtualMachine' | 'VirtualMachineInstance';
  readonly allowed: boolean;
  readonly message?: string;
  readonly input: {
    readonly metadata: object;
    readonly spec: Spec & { readonly template: { readonly spec: Spec }; readonly preference?: { readonly name?: string } };
  };
  readonly patch?: readonly { readonly path: string; readonly value: unknown }[];
}

const file = new URL('../../../../shared/kubevirt/defaulting-cases.json', import.meta.url);
const present = existsSync(file);

/** Our decisions, on what upstream made of `given`. */
function asDecidedHere(made: Spec, given: Spec): Spec {
  return { ...made, architecture: made.architecture ?? 'amd64', domain: domainAsDecidedHere(made, given), ...volumesAsDecidedHere(made) };
}

function domainAsDecidedHere({ domain }: Spec, given: Spec): Domain {
  const { cpu, memory, devices, ...rest } = domain;
  const { maxSockets, ...topology } = { cores: 1, sockets: 1, threads: 1, ...cpu };
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

/** The preferences that upstream's tests looked up. */
const preferences: Readonly<Record<string, PreferenceSpec>> = {
  machineTypePreference: { machine: { preferredMachineType: 'pc-q35-4.0' } },
  machineTypeClusterPreference: { machine: { preferredMachineType: 'pc-q35-5.0' } },
};
const storagePreference: PreferenceSpec = { volumes: { preferredStorageClassName: 'ceph' } };

/** The preset that upstream's tests had. */
const preset: VirtualMachineInstancePreset = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachineInstancePreset',
  metadata: { name: 'test-preset', uid: 'u', resourceVersion: '1', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: { selector: { matchLabels: { test: 'test' } }, domain: { devices: {}, cpu: { cores: 4 } } },
};

function preferenceOf({ name, input }: RecordedDefaulting): PreferenceSpec | undefined {
  if (name.includes('setPreferenceStorageClassName')) return storagePreference;
  if (name.includes('error looking up preference')) return undefined;
  return preferences[input.spec.preference?.name ?? ''];
}

/** What upstream says of none: neither a create nor an update. */
const unnamedOperation = /on update|Quantity fields/;

function ourDefaults(recorded: RecordedDefaulting): RecordedDefaulting['input']['spec'] {
  const { kind, name, input } = recorded;
  const resource = kind === 'VirtualMachine' ? resources.virtualMachines : resources.virtualMachineInstances;
  const object = { ...input, apiVersion: 'kubevirt.io/v1', kind } as unknown as DraftObject & Pick<VirtualMachineInstance, 'spec'>;
  const draft = name.includes('with presets') ? withPresets(object, [preset]) : object;
  const preference = preferenceOf(recorded);
  const facts = {
    uuid: 'made',
    architecture: 'amd64',
    ...(unnamedOperation.test(name) ? { update: true } : {}),
    ...(preference === undefined ? {} : { preference }),
  } as const;
  return defaulted(resource, draft, facts)['spec'] as unknown as RecordedDefaulting['input']['spec'];
}

const where = present ? '' : ' (skipped: ../shared/kubevirt/defaulting-cases.json is not there)';

describe.skipIf(!present)(`defaults beside those recorded from KubeVirt v1.9.0${where}`, () => {
  const recorded = present ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly RecordedDefaulting[] }).cases : [];
  const listed = new Set(knownDefaultingDifferences.flatMap(({ cases }) => cases));

  const compared = recorded.flatMap((one) => {
    const theirs = one.patch?.find(({ path }) => path === '/spec')?.value as typeof one.input.spec | undefined;
    if (theirs === undefined) return [];
    const isMachine = one.kind === 'VirtualMachine';
    const specOf = (spec: typeof one.input.spec): Spec => (isMachine ? spec.template.spec : spec);
    const rest = ({ template: _template, ...more }: typeof one.input.spec): object => (isMachine ? more : {});
    const ours = ourDefaults(one);
    const given = specOf(one.input.spec);
    return [
      {
        id: one.id,
        name: one.name,
        got: { ...rest(ours), spec: comparable(specOf(ours), given) },
        want: { ...rest(theirs), spec: comparable(asDecidedHere(specOf(theirs), given), given) },
      },
    ];
  });

  test(`${compared.length - listed.size} of ${compared.length} cases get the same defaults, the others are listed with the reason`, () => {
    expect(compared.length).toBeGreaterThan(140);
  });

  test.each(compared.filter(({ id }) => !listed.has(id)))('$id $name', ({ got, want }) => {
    expect(got).toEqual(want);
  });

  test('every listed case exists and is still made otherwise', () => {
    const differing = new Set(compared.filter(({ got, want }) => !sameJson(got, want)).map(({ id }) => id));
    expect([...listed].filter((id) => !differing.has(id))).toEqual([]);
  });

  const refusedMatchers = recorded.filter(({ allowed, name }) => !allowed && /Matcher/.test(name));
  test.each(refusedMatchers)('$id $name', ({ name, input, message }) => {
    const { spec } = input as unknown as Pick<VirtualMachine, 'spec'>;
    const old = { ...spec, ...mapped(spec, (matcher) => ({ ...matcher, name: 'before' })) };
    expect(matcherCauses(spec, name.includes('on update') ? old : undefined).map((cause) => cause.message)).toEqual([message]);
  });

  test('nothing else is refused, but what is no machine at all, and a card that is gone', () => {
    const others = recorded.filter(({ allowed, name }) => !allowed && !/Matcher/.test(name));
    expect(others.map(({ id }) => id)).toEqual(numbered(58, 59, 86));
  });
});

function mapped(spec: VirtualMachine['spec'], change: (matcher: Matcher) => Matcher): Partial<VirtualMachine['spec']> {
  return Object.fromEntries(matcherNames.flatMap((name) => (spec[name] === undefined ? [] : [[name, change(spec[name])]])));
}
