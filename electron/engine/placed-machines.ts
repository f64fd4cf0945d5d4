// Owns which machines have their place on this computer: what they take is taken.
// Must not tell where that is.
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import { phaseOf } from '../api/lifecycle.ts';
import { resources } from '../api/resources.ts';
import type { StoreReader } from './ports.ts';
import { readAll } from './typed.ts';

export function isPlaced(vmi: VirtualMachineInstance): boolean {
  return ['Scheduled', 'Running'].includes(phaseOf(vmi));
}

/** But for the one with this uid: that which asks. */
export function placedMachines(reader: StoreReader, but?: string): readonly VirtualMachineInstance[] {
  return readAll(reader, resources.virtualMachineInstances).filter((vmi) => isPlaced(vmi) && vmi.metadata.uid !== but);
}
