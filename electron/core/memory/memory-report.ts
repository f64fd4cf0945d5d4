// Owns putting together who has which memory, and whom the kernel would end first.
// Must not measure anything.
import type { KillReason, MemoryOfMachine } from '../../api/memory.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { isGuaranteed } from '../limits/guaranteed.ts';
import { overheadMiB } from '../placement/overhead.ts';
import type { ProcessMemory } from './memory-facts.ts';
import { memoryPromise } from './memory-promise.ts';

export interface MeasuredMachine {
  readonly vmi: VirtualMachineInstance;
  readonly process: ProcessMemory;
  /** What the balloon was told to leave; absent: all. */
  readonly targetMiB?: number;
  /** Its guest waits for memory; absent: nobody asks it now. */
  readonly isStruggling?: boolean;
  readonly accelerator: 'kvm' | 'tcg';
}

export function memoryOfMachines(measured: readonly MeasuredMachine[]): readonly MemoryOfMachine[] {
  return measured.map(ofMachine).toSorted((a, b) => b.oomScore - a.oomScore || a.name.localeCompare(b.name));
}

function ofMachine({ vmi, process, targetMiB, isStruggling, accelerator }: MeasuredMachine): MemoryOfMachine {
  const { guestMiB, requestMiB, noBalloon } = memoryPromise(vmi);
  return {
    namespace: vmi.metadata.namespace ?? 'default',
    name: vmi.metadata.name,
    guestMiB,
    requestMiB,
    currentMiB: Math.min(guestMiB, targetMiB ?? guestMiB),
    overheadMiB: overheadMiB(vmi, accelerator),
    ...process,
    ...(noBalloon === undefined ? {} : { noBalloon }),
    ...(isStruggling === undefined ? {} : { isStruggling }),
    reason: killReason(vmi),
  };
}

/** The same cases as oom-order.ts. */
function killReason(vmi: VirtualMachineInstance): KillReason {
  const { guestMiB, requestMiB } = memoryPromise(vmi);
  if (requestMiB < guestMiB) return 'Overcommitted';
  if (vmi.spec.domain.resources?.overcommitGuestOverhead === true) return 'OverheadLeftOut';
  return isGuaranteed(vmi) ? 'Guaranteed' : 'Promised';
}
