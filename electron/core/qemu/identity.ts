// Owns by what a machine is known again: its UUID.
// Must not make one up; defaulting does.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';

/** `-uuid`: what query-uuid answers when a running machine is adopted, and what the guest reads in its SMBIOS. */
export function machineUuid(vmi: VirtualMachineInstance): string {
  // Lower case, as QEMU answers it.
  return (vmi.spec.domain.firmware?.uuid ?? vmi.metadata.uid).toLowerCase();
}
