// Owns whether interrupts of devices are kept to the machine that has the device, and what the kernel makes of it where they are not.
// Must not know machines or devices.
import type { IommuFact } from '../../api/host-devices.ts';

/** `refused`: VFIO hands no PCI device to a process. `unsafe`: it does, because somebody allowed it. */
export type InterruptIsolation = 'remapped' | 'refused' | 'unsafe' | 'unknown';

export function interruptIsolation({ units, interruptRemapping, allowUnsafeInterrupts }: IommuFact): InterruptIsolation {
  if (interruptRemapping === true) return 'remapped';
  if (units.length === 0) return 'unknown';
  if (allowUnsafeInterrupts) return 'unsafe';
  return interruptRemapping === undefined ? 'unknown' : 'refused';
}

export const refusedInterrupts = {
  message: 'Interrupts of devices are not remapped: the kernel refuses to pass devices through.',
  fix: 'Switch on interrupt remapping (or x2APIC) in the firmware setup. Where there is none: vfio_iommu_type1.allow_unsafe_interrupts=1 on the kernel command line, which lets a guest forge interrupts of this computer.',
} as const;

export const unsafeInterrupts = {
  message: 'Interrupts are not remapped, and unsafe interrupts are allowed.',
  fix: 'A guest that is not trusted could forge interrupts: pass devices to trusted guests alone.',
} as const;
