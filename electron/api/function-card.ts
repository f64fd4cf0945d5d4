// Owns which network cards of a machine are virtual functions of a card of this computer.
// Must not know the function.
import type { VirtualMachineInstanceSpec } from './kinds/virtual-machine-instance.ts';

type Card = NonNullable<VirtualMachineInstanceSpec['domain']['devices']['interfaces']>[number];

export function isFunctionCard({ sriov, state }: Pick<Card, 'sriov' | 'state'>): boolean {
  return sriov !== undefined && state !== 'absent';
}
