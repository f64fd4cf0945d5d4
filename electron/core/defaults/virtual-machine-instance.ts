// Owns which defaults a VirtualMachineInstance gets, in which order: what KubeVirt's mutating webhook does for the fields honoured here.
// Must not set status; core/status does.
import type { VirtualMachineInstance, VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';
import { type DefaultRule, applied } from './defaulting-facts.ts';
import { derivedUuid } from './derived-identity.ts';
import { hypervDependencies } from './hyperv.ts';
import { diskBuses, diskForEveryVolume, inputDevices, macAddresses, podNetwork, watchdogReset } from './devices.ts';
import {
  acpi,
  architecture,
  cpuModel,
  cpuRequest,
  cpuTopology,
  featureStates,
  guestMemory,
  machineType,
  withFirmwareUuid,
} from './machine.ts';
import { quantitiesAsText } from './quantities.ts';

type Draft = Pick<VirtualMachineInstance, 'spec'> & { readonly metadata: Partial<VirtualMachineInstance['metadata']> };

const evictionStrategy: DefaultRule<VirtualMachineInstanceSpec> = (spec) =>
  spec.evictionStrategy === undefined ? { ...spec, evictionStrategy: 'None' } : spec;

/** KubeVirt's v1.DefaultGracePeriodSeconds. */
const defaultGracePeriodSeconds = 30;
const gracePeriod: DefaultRule<VirtualMachineInstanceSpec> = (spec) =>
  spec.terminationGracePeriodSeconds === undefined ? { ...spec, terminationGracePeriodSeconds: defaultGracePeriodSeconds } : spec;

/** What the guest's computer is, without its devices. */
const hardwareRules: readonly DefaultRule<VirtualMachineInstanceSpec>[] = [
  quantitiesAsText,
  architecture,
  machineType,
  cpuRequest,
  cpuTopology,
  cpuModel,
  guestMemory,
  acpi,
  featureStates,
  hypervDependencies,
];

/** Order matters where a rule reads what another wrote: architecture before machine type, disks before buses, cards before addresses. */
const specRules: readonly DefaultRule<VirtualMachineInstanceSpec>[] = [
  ...hardwareRules,
  diskForEveryVolume,
  diskBuses,
  podNetwork,
  watchdogReset,
  macAddresses,
  inputDevices,
  evictionStrategy,
  gracePeriod,
];

/** A template as the rules see it: what it leaves open is filled in, and every device stays where its author wrote it. */
export function templateAsRun(spec: VirtualMachineInstanceSpec): VirtualMachineInstanceSpec {
  const host = spec.architecture === 'arm64' ? 'arm64' : 'amd64';
  return applied([...hardwareRules, diskBuses, inputDevices], spec, { uuid: '', architecture: host });
}

/** A run of a VirtualMachine takes its identity from its owner, so that every run is the same computer to its guest. */
const firmwareUuid: DefaultRule<Draft> = (vmi, facts) => {
  const owner = vmi.metadata.ownerReferences?.find(({ kind }) => kind === 'VirtualMachine');
  const spec = withFirmwareUuid(vmi.spec, () => (owner === undefined ? facts.uuid : derivedUuid(owner.uid)));
  return spec === vmi.spec ? vmi : { ...vmi, spec };
};

const rules: readonly DefaultRule<Draft>[] = [firmwareUuid, (vmi, facts) => ({ ...vmi, spec: applied(specRules, vmi.spec, facts) })];

export const defaultedInstance: DefaultRule<Draft> = (vmi, facts) => applied(rules, vmi, facts);
