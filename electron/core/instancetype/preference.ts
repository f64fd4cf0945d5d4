// Owns applying a preference to a machine: it fills only what the machine left open (KubeVirt v1.9.0, pkg/instancetype/preference/apply).
// Must not set what its author set, with one exception that upstream makes as well: ACPI.
import type { PreferenceSpec } from '../../api/kinds/preference.ts';
import type { VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';
import type { Applicable } from './choice.ts';
import { withDevicePreferences } from './device-preferences.ts';
import { added } from './instancetype.ts';

type Spec = VirtualMachineInstanceSpec;
type Domain = Spec['domain'];
type Part = (domain: Domain, preference: PreferenceSpec) => Domain;

/** Features that the machine names already keep their policy. */
const cpuFeatures: Part = (domain, { cpu }) => {
  const own = domain.cpu?.features ?? [];
  const more = (cpu?.preferredCPUFeatures ?? []).filter(({ name }) => !own.some((feature) => feature.name === name));
  return more.length === 0 ? domain : { ...domain, cpu: { ...domain.cpu, features: [...own, ...more] } };
};

const features: Part = (domain, { features: preferred }) => {
  if (preferred === undefined) return domain;
  const { preferredAcpi, preferredApic, preferredHyperv, preferredKvm, preferredPvspinlock, preferredSmm } = preferred;
  const own = domain.features ?? {};
  const takesHyperv = preferredHyperv !== undefined && own.hypervPassthrough?.enabled !== true;
  return {
    ...domain,
    features: {
      ...(preferredApic === undefined ? {} : { apic: preferredApic }),
      ...(preferredKvm === undefined ? {} : { kvm: preferredKvm }),
      ...(preferredPvspinlock === undefined ? {} : { pvspinlock: preferredPvspinlock }),
      ...(preferredSmm === undefined ? {} : { smm: preferredSmm }),
      ...own,
      ...(takesHyperv ? { hyperv: { ...preferredHyperv, ...own.hyperv } } : {}),
      ...(preferredAcpi === undefined ? {} : { acpi: preferredAcpi }),
    },
  };
};

const firmware: Part = (domain, { firmware: preferred }) => {
  if (preferred === undefined) return domain;
  const bootloader = bootloaderOf(domain.firmware?.bootloader ?? {}, preferred);
  return Object.keys(bootloader).length === 0 ? domain : { ...domain, firmware: { ...domain.firmware, bootloader } };
};

type Bootloader = NonNullable<NonNullable<Domain['firmware']>['bootloader']>;

function bootloaderOf(own: Bootloader, preferred: NonNullable<PreferenceSpec['firmware']>): Bootloader {
  const { preferredUseBios, preferredUseBiosSerial, preferredEfi, preferredUseEfi, preferredUseSecureBoot } = preferred;
  const isOpen = own.bios === undefined && own.efi === undefined;
  if (isOpen && preferredUseBios !== true) {
    if (preferredEfi !== undefined) return { efi: preferredEfi };
    if (preferredUseEfi !== true) return own;
    return { efi: preferredUseSecureBoot === undefined ? {} : { secureBoot: preferredUseSecureBoot } };
  }
  const { bios = isOpen ? {} : undefined, efi } = own;
  return {
    ...own,
    ...(bios === undefined ? {} : { bios: preferredUseBiosSerial === undefined ? bios : { useSerial: preferredUseBiosSerial, ...bios } }),
    ...(efi === undefined || preferredUseSecureBoot === undefined ? {} : { efi: { secureBoot: preferredUseSecureBoot, ...efi } }),
  };
}

const machineType: Part = (domain, { machine }) => {
  const type = machine?.preferredMachineType ?? '';
  return type === '' || (domain.machine?.type ?? '') !== '' ? domain : { ...domain, machine: { ...domain.machine, type } };
};

/** An offset is taken whole or not at all. */
const clock: Part = (domain, { clock: preferred }) => {
  if (preferred === undefined) return domain;
  const own = domain.clock ?? {};
  const { preferredClockOffset, preferredTimer } = preferred;
  return {
    ...domain,
    clock: {
      ...(preferredTimer === undefined ? {} : { timer: preferredTimer }),
      ...(own.utc === undefined && own.timezone === undefined ? preferredClockOffset : {}),
      ...own,
    },
  };
};

const parts: readonly Part[] = [cpuFeatures, features, firmware, machineType, clock];

export function withPreference({ spec, annotations }: Applicable, preference: PreferenceSpec | undefined): Applicable {
  if (preference === undefined) return { spec, annotations };
  const withDevices = withDevicePreferences(spec, preference);
  const { preferredSubdomain, preferredTerminationGracePeriodSeconds } = preference;
  return {
    annotations: added(preference.annotations, annotations),
    spec: {
      ...withDevices,
      domain: parts.reduce((domain, part) => part(domain, preference), withDevices.domain),
      ...((preferredSubdomain ?? '') === '' || (spec.subdomain ?? '') !== '' ? {} : { subdomain: preferredSubdomain }),
      ...(preferredTerminationGracePeriodSeconds === undefined || spec.terminationGracePeriodSeconds !== undefined
        ? {}
        : { terminationGracePeriodSeconds: preferredTerminationGracePeriodSeconds }),
    },
  };
}
