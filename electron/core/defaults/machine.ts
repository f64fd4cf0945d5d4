// Owns the defaults of the computer that a guest sees: architecture, machine type, CPU, memory, firmware identity, features.
// Must not default devices; devices.ts does.
import type { VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';
import { bytesOf } from '../../api/quantity.ts';
import type { DefaultRule } from './defaulting-facts.ts';

type Spec = VirtualMachineInstanceSpec;
type Domain = Spec['domain'];
type SpecRule = DefaultRule<Spec>;

/** KubeVirt's, pkg/defaults: the platform every architecture gets. */
const machineTypes: ReadonlyMap<string, string> = new Map([
  ['amd64', 'q35'],
  ['arm64', 'virt'],
]);

export const architecture: SpecRule = (spec, { preference, architecture: own }) => {
  if (spec.architecture !== undefined && spec.architecture !== '') return spec;
  const preferred = preference?.preferredArchitecture ?? '';
  return { ...spec, architecture: preferred === '' ? own : preferred };
};

export const machineType: SpecRule = (spec, facts) => {
  const type = spec.domain.machine?.type;
  if (type !== undefined && type !== '') return spec;
  const preferred = facts.preference?.machine?.preferredMachineType ?? '';
  if (preferred !== '') return withDomain(spec, { machine: { type: preferred } });
  return withDomain(spec, { machine: { type: machineTypes.get(spec.architecture ?? facts.architecture) ?? 'q35' } });
};

/** A limit without a request requests the limit. */
export const cpuRequest: SpecRule = (spec) => {
  const { resources } = spec.domain;
  const limit = resources?.limits?.['cpu'];
  if (limit === undefined || resources?.requests?.['cpu'] !== undefined) return spec;
  return withDomain(spec, { resources: { ...resources, requests: { ...resources?.requests, cpu: limit } } });
};

/** Requested CPUs become sockets when no topology is given; what a topology leaves open is 1. */
export const cpuTopology: SpecRule = (spec) => {
  const { cpu, resources } = spec.domain;
  const { cores, sockets, threads } = cpu ?? {};
  if (isSet(cores) && isSet(sockets) && isSet(threads)) return spec;
  const none = !isSet(cores) && !isSet(sockets) && !isSet(threads);
  const requested = none ? bytesOf(resources?.requests?.['cpu'] ?? resources?.limits?.['cpu']) : undefined;
  return withDomain(spec, {
    cpu: {
      ...cpu,
      cores: isSet(cores) ? cores : 1,
      sockets: isSet(sockets) ? sockets : Math.max(requested ?? 1, 1),
      threads: isSet(threads) ? threads : 1,
    },
  });
};

/** KubeVirt reads 0 as absent. */
function isSet(count: number | undefined): count is number {
  return count !== undefined && count !== 0;
}

export const cpuModel: SpecRule = (spec) =>
  spec.domain.cpu?.model === undefined || spec.domain.cpu.model === ''
    ? withDomain(spec, { cpu: { ...spec.domain.cpu, model: 'host-model' } })
    : spec;

/** The guest gets what is requested, else the limit, else one huge page. */
export const guestMemory: SpecRule = (spec) => {
  const { memory, resources } = spec.domain;
  if (memory?.guest !== undefined) return spec;
  const guest = resources?.requests?.['memory'] ?? resources?.limits?.['memory'] ?? memory?.hugepages?.pageSize;
  return guest === undefined ? spec : withDomain(spec, { memory: { ...memory, guest } });
};

export const acpi: SpecRule = (spec) => {
  const { features } = spec.domain;
  return features?.acpi === undefined ? withDomain(spec, { features: { ...features, acpi: { enabled: true } } }) : spec;
};

/** `smm: {}` means on. */
export const featureStates: SpecRule = (spec) => {
  const { features } = spec.domain;
  if (features === undefined) return spec;
  const switches = ['acpi', 'apic', 'smm', 'pvspinlock'] as const;
  const bare = switches.filter((name) => features[name] !== undefined && features[name].enabled === undefined);
  if (bare.length === 0) return spec;
  const on = Object.fromEntries(bare.map((name) => [name, { ...features[name], enabled: true }]));
  return withDomain(spec, { features: { ...features, ...on } });
};

export function withFirmwareUuid(spec: Spec, uuid: () => string): Spec {
  const { firmware } = spec.domain;
  return firmware?.uuid === undefined || firmware.uuid === '' ? withDomain(spec, { firmware: { ...firmware, uuid: uuid() } }) : spec;
}

export function withDomain(spec: Spec, change: Partial<Domain>): Spec {
  return { ...spec, domain: { ...spec.domain, ...change } };
}
