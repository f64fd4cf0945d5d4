// Owns what to do next for a VirtualMachine: the run strategy table (KubeVirt v1.9.0, pkg/virt-controller/watch/vm/vm.go, syncRunStrategy).
// Must not do it; the engine's controller does, and comes back when something changed.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';
import { phaseOf, runStrategyOf } from '../../api/lifecycle.ts';
import { retryAt } from './start-failure.ts';
import { asksForPausedStart, hasStartRequest, hasStopRequestFor } from './state-changes.ts';

export type VmStep =
  | { readonly type: 'Nothing' }
  /** Make a VirtualMachineInstance of the template; `paused` sets its startStrategy. */
  | { readonly type: 'CreateVmi'; readonly paused: boolean }
  /** Stop and remove the instance; `thenStart` adds a start request first, so that it is made again. */
  | { readonly type: 'DeleteVmi'; readonly thenStart: boolean }
  /** A paused start was asked of a halted machine: write spec.runStrategy (or spec.running) and keep the request. */
  | { readonly type: 'SetRunStrategy'; readonly runStrategy: 'Always' }
  /** Look again then: milliseconds since 1970. */
  | { readonly type: 'WaitUntil'; readonly at: number };

const nothing: VmStep = { type: 'Nothing' };
const remove: VmStep = { type: 'DeleteVmi', thenStart: false };

/** One step. `vm` carries the status that vmStatus made of the same `vmi`, so that finished requests are gone and failures are counted. */
export function vmStep(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined, now: number): VmStep {
  if (vmi?.metadata.deletionTimestamp !== undefined) return nothing;
  if (vm.metadata.deletionTimestamp !== undefined) return vmi === undefined ? nothing : remove;
  return vmi === undefined ? stepWithoutInstance(vm, now) : stepWithInstance(vm, vmi);
}

function stepWithoutInstance(vm: VirtualMachine, now: number): VmStep {
  const strategy = runStrategyOf(vm);
  switch (strategy) {
    case 'Always':
      return createOrWait(vm, now);
    case 'RerunOnFailure':
      // status.runStrategy is written once a run exists: until then, or coming from another strategy, the machine is started.
      return hasStartRequest(vm) || vm.status?.runStrategy !== strategy ? createOrWait(vm, now) : nothing;
    case 'Manual':
      return hasStartRequest(vm) ? create(vm) : nothing;
    case 'Halted':
      return hasStartRequest(vm) ? { type: 'SetRunStrategy', runStrategy: 'Always' } : nothing;
    case 'Once':
      return create(vm);
  }
}

function stepWithInstance(vm: VirtualMachine, vmi: VirtualMachineInstance): VmStep {
  const phase = phaseOf(vmi);
  const stop = hasStopRequestFor(vm, vmi);
  switch (runStrategyOf(vm)) {
    case 'Always':
      return stop || phase === 'Succeeded' || phase === 'Failed' ? remove : nothing;
    case 'RerunOnFailure':
      if (phase === 'Failed') return { type: 'DeleteVmi', thenStart: true };
      return stop || phase === 'Succeeded' ? remove : nothing;
    case 'Manual':
      return stop ? remove : nothing;
    case 'Halted':
      return remove;
    case 'Once':
      return nothing;
  }
}

function createOrWait(vm: VirtualMachine, now: number): VmStep {
  const at = retryAt(vm, now);
  return at === undefined ? create(vm) : { type: 'WaitUntil', at };
}

function create(vm: VirtualMachine): VmStep {
  return { type: 'CreateVmi', paused: asksForPausedStart(vm) };
}
