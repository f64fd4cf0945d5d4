// Owns which disks may go with machines that are deleted together.
// Must not let a disk go that another machine still uses.
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { ownedDiskNames } from './machine-disks.ts';
import type { MachineView } from './machine-view.ts';

export interface DiskPlan {
  readonly deletable: readonly string[];
  /** Kept because somebody else uses them. */
  readonly shared: readonly string[];
}

export function disksToDelete(machine: MachineView, together: readonly MachineView[], vms: readonly VirtualMachine[]): DiskPlan {
  const going = new Set(together.map(({ vm }) => vm.metadata.uid));
  const used = new Set(
    vms
      .filter((vm) => !going.has(vm.metadata.uid) && vm.metadata.namespace === machine.namespace)
      .flatMap((vm) => ownedDiskNames(vm.spec.template.spec)),
  );
  const names = ownedDiskNames(machine.vm.spec.template.spec);
  return { deletable: names.filter((name) => !used.has(name)), shared: names.filter((name) => used.has(name)) };
}
