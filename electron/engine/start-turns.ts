// Owns the line in which machines come up after a start of the core: whose turn it is, and what became of those before.
// Must not decide who waits for whom; core/reconcile/start-order.ts does.
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../api/kinds/virtual-machine.ts';
import { resources } from '../api/resources.ts';
import {
  isComing,
  type StartTurn,
  startLine,
  startOutcome,
  startTurn,
  turnMessage,
  waitingFor,
  withOutcome,
} from '../core/reconcile/start-order.ts';
import type { VmStep } from '../core/reconcile/vm-step.ts';
import type { EngineContext } from './context.ts';
import { keyOf } from './removal.ts';
import { read, readAll } from './typed.ts';

/** Everything that runs is adopted: from here on machines begin by themselves. */
export function openLine({ store, clock, starts }: EngineContext): void {
  const machines = readAll(store, resources.virtualMachines).map((vm) => ({
    vm,
    vmi: read(store, { ...keyOf(resources.virtualMachines, vm), resource: resources.virtualMachineInstances }),
  }));
  starts.line = startLine(machines, clock.now());
}

/** Undefined when it waits for nobody, or would not begin anyway. */
export function turnOf(
  { starts: { line }, clock }: EngineContext,
  vm: VirtualMachine,
  vmi: VirtualMachineInstance | undefined,
): Exclude<StartTurn, { type: 'Now' }> | undefined {
  if (line === undefined || !isComing({ vm, vmi }, clock.now())) return undefined;
  const turn = startTurn(line, vm.metadata.uid, clock.now());
  return turn.type === 'Now' ? undefined : turn;
}

/** The step that it may take now. Who stops a machine and starts it himself waits for nobody. */
export function inTurn({ starts: { line } }: EngineContext, turn: StartTurn | undefined, step: VmStep): VmStep {
  if (step.type !== 'CreateVmi') return step;
  if (line === undefined || turn?.type === 'After') return { type: 'Nothing' };
  return turn?.type === 'At' ? { type: 'WaitUntil', at: turn.at } : step;
}

/** `vm` has the status of this moment. Those behind it are woken when there is news. */
export function noteOutcome(context: EngineContext, vm: VirtualMachine, vmi: VirtualMachineInstance | undefined): void {
  const { starts, clock, events } = context;
  const { line } = starts;
  const place = line?.places.find(({ uid }) => uid === vm.metadata.uid);
  if (line === undefined || place === undefined || line.outcomes.has(place.uid)) return;
  const outcome = startOutcome({ vm, vmi }, place, clock.now());
  if (outcome === undefined) return;
  const isItsTurn = startTurn(line, place.uid, clock.now()).type === 'Now';
  // What keeps it from starting may be over when its turn comes.
  if (!isItsTurn && 'passed' in outcome && outcome.passed !== 'Stopped') return;
  starts.line = withOutcome(line, place.uid, outcome);
  const behind = waitingFor(starts.line, place.uid);
  if ('passed' in outcome && behind.length > 0) {
    const message = `Those after it in the start order begin without it: ${outcome.passed}.`;
    events.record(vm, { type: 'Warning', reason: 'StartOrderPassed', message });
  }
  for (const { namespace, name } of behind) context.wake({ resource: resources.virtualMachines, namespace, name });
}

/** Until when it waits, as soon as that is known; `before` is what its status said until now. */
export function tellTurn({ events }: EngineContext, before: VirtualMachine, turn: StartTurn | undefined): void {
  const message = turn?.type === 'At' ? turnMessage(turn) : undefined;
  if (message === undefined || message === messageOf(before)) return;
  events.record(before, { type: 'Normal', reason: 'StartDelayed', message });
}

function messageOf({ status }: VirtualMachine): string | undefined {
  return status?.conditions?.find(({ type }) => type === 'StartDelayed')?.message;
}
