// Owns Kubernetes' quality of service, for memory alone: whether a machine asked for exactly what it may have.
// Must not know what follows from it.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { bytesOf } from '../../api/quantity.ts';
import { guestMemory } from '../qemu/devices/memory.ts';

const mebibyte = 1024 * 1024;

/** Request and limit are one number, and it is all of the guest. Huge pages and whole cores are had in no other way. */
export function isGuaranteed(vmi: VirtualMachineInstance): boolean {
  const { cpu, memory, resources } = vmi.spec.domain;
  if (cpu?.dedicatedCpuPlacement === true || memory?.hugepages !== undefined) return true;
  const guest = (guestMemory(vmi)?.mib ?? 0) * mebibyte;
  const limit = bytesOf(resources?.limits?.['memory']);
  return limit !== undefined && limit >= guest && limit === (bytesOf(resources?.requests?.['memory']) ?? guest);
}
