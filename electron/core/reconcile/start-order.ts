// Owns in which order machines come up when the core starts, and how long each waits for those before it.
// Must not start them: a machine looks here when it would begin by itself.
import { annotations } from '../../api/annotations.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';
import { isFinal, phaseOf, runStrategyOf } from '../../api/lifecycle.ts';
import { vmStep } from './vm-step.ts';

export interface MachineAtStart {
  readonly vm: VirtualMachine;
  readonly vmi: VirtualMachineInstance | undefined;
}

/**
 * By uid of the VirtualMachine: milliseconds since 1970 before which it is not started. One that nobody waits for is absent.
 * As in Proxmox: ascending order, equal ones together, those without an order last; a delay is what those after a machine wait for it.
 * Machines that run already hold nobody up.
 */
export function startSchedule(machines: readonly MachineAtStart[], now: number): ReadonlyMap<string, number> {
  const coming = machines.filter((machine) => isComing(machine, now));
  const groups = [...Map.groupBy(coming, ({ vm }) => orderOf(vm)).entries()].toSorted(([a], [b]) => a - b);
  let at = now;
  const schedule = new Map<string, number>();
  for (const [, group] of groups) {
    if (at > now) for (const { vm } of group) schedule.set(vm.metadata.uid, at);
    at += Math.max(0, ...group.map(({ vm }) => delayMs(vm)));
  }
  return schedule;
}

function isComing({ vm, vmi }: MachineAtStart, now: number): boolean {
  if (vmi === undefined) {
    const { type } = vmStep(vm, undefined, now);
    return type === 'CreateVmi' || type === 'WaitUntil';
  }
  if (!isFinal(phaseOf(vmi))) return false;
  const strategy = runStrategyOf(vm);
  return strategy === 'Always' || (strategy === 'RerunOnFailure' && phaseOf(vmi) === 'Failed');
}

function orderOf({ metadata }: VirtualMachine): number {
  const text = metadata.annotations?.[annotations.startOrder];
  return text === undefined ? Number.POSITIVE_INFINITY : Number(text);
}

function delayMs({ metadata }: VirtualMachine): number {
  return Number(metadata.annotations?.[annotations.startDelay] ?? 0) * 1000;
}
