// Owns "can this computer do it?": firmware, IOMMU, interrupt remapping, isolation, kernel, each with what to do.
// Must not judge single devices; groups.ts does.
import type { HostDeviceFacts, IommuFact, ReadinessCheck } from '../../api/host-devices.ts';
import { interruptIsolation, refusedInterrupts, unsafeInterrupts } from './interrupts.ts';

export function readiness({ iommu }: Pick<HostDeviceFacts, 'iommu'>): readonly ReadinessCheck[] {
  return [firmware(iommu), unit(iommu), remapping(iommu), isolation(iommu), kernel(iommu)];
}

const switchName = { intel: 'VT-d', amd: 'AMD-Vi (IOMMU)', other: 'the IOMMU' } as const;

function firmware({ firmwareTable, units, cpuVendor }: IommuFact): ReadinessCheck {
  if (units.length > 0 || firmwareTable !== undefined) {
    return { id: 'firmware', state: 'ok', message: 'The firmware tells of an IOMMU.' };
  }
  return {
    id: 'firmware',
    state: 'error',
    message: 'The firmware tells of no IOMMU.',
    fix: `Switch ${switchName[cpuVendor]} on in the firmware setup; a processor or board without it cannot pass devices through.`,
  };
}

function unit({ units, firmwareTable, cpuVendor, cmdline }: IommuFact): ReadinessCheck {
  if (units.length > 0) return { id: 'iommu', state: 'ok', message: `The kernel uses the IOMMU: ${units.join(', ')}.` };
  const off = cmdline.split(/\s+/).find((word) => /^(?:(?:intel_|amd_)?iommu=off)$/.test(word));
  if (off !== undefined) {
    return { id: 'iommu', state: 'error', message: `The kernel was told ${off}.`, fix: `Take ${off} off the kernel command line.` };
  }
  const argument = cpuVendor === 'intel' && firmwareTable === 'DMAR';
  return {
    id: 'iommu',
    state: 'error',
    message: 'The kernel does not use an IOMMU.',
    fix: argument
      ? 'Add intel_iommu=on to the kernel command line: the preparation does this.'
      : 'See to the firmware first; on AMD and ARM the kernel then uses it by itself.',
  };
}

function remapping(iommu: IommuFact): ReadinessCheck {
  const id = 'interruptRemapping';
  // Some computers remap without a unit that the kernel lists.
  if (iommu.units.length === 0 && iommu.interruptRemapping !== true) {
    return { id, state: 'warning', message: 'Whether interrupts are remapped shows once the IOMMU is in use.' };
  }
  switch (interruptIsolation(iommu)) {
    case 'remapped':
      return { id, state: 'ok', message: 'Interrupts of devices are remapped.' };
    case 'unsafe':
      return { id, state: 'warning', ...unsafeInterrupts };
    case 'unknown':
      return { id, state: 'warning', message: 'Nothing on this computer tells whether interrupts are remapped.' };
    case 'refused':
      return { id, state: 'error', ...refusedInterrupts };
  }
}

function isolation({ acsOverride }: IommuFact): ReadinessCheck {
  if (!acsOverride) return { id: 'isolation', state: 'ok', message: 'Groups are as the hardware isolates them.' };
  return {
    id: 'isolation',
    state: 'warning',
    message: 'The kernel was told pcie_acs_override: groups are smaller than what the hardware isolates.',
    fix: 'Devices of different groups may reach each other past the IOMMU. Take it off the kernel command line unless you know the board.',
  };
}

function kernel({ vfioPci }: IommuFact): ReadinessCheck {
  if (vfioPci !== 'missing') return { id: 'kernel', state: 'ok', message: 'The kernel has the driver vfio-pci.' };
  return {
    id: 'kernel',
    state: 'error',
    message: 'This kernel has no driver vfio-pci.',
    fix: 'Run the kernel of your distribution, which has it.',
  };
}
