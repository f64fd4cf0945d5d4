// Owns which field carries each wish of a user: KubeVirt v1.9.0, pkg/virt-api/rest/lifecycle.go.
// Must not check whether the wish is allowed; api/lifecycle.ts does.
import { withDiscarding } from '../../api/discard-changes.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine, VirtualMachineStatus } from '../../api/kinds/virtual-machine.ts';
import { isFinal, phaseOf, runStrategyOf } from '../../api/lifecycle.ts';
import type { MachineVerbOptions } from '../../api/verbs.ts';
import { savedStateOf } from '../snapshots/saved-state.ts';

type Request = NonNullable<VirtualMachineStatus['stateChangeRequests']>[number];

export interface Wish {
  readonly vm: VirtualMachine;
  readonly vmi: VirtualMachineInstance | undefined;
  readonly options: MachineVerbOptions;
}

/** The machine with the wish written into it; the very same object when there is nothing to write. */
export function wished(verb: 'start' | 'stop' | 'restart', wish: Wish): VirtualMachine {
  switch (verb) {
    case 'start':
      return wishedToStart(wish);
    case 'stop':
      return wishedToStop(wish);
    case 'restart':
      return wish.vmi === undefined ? wish.vm : withRequests(wish.vm, [stopOf(wish.vmi), { action: 'Start' }]);
  }
}

function wishedToStart({ vm: before, vmi, options }: Wish): VirtualMachine {
  const vm = withDiscarding(before, options.discardChanges === true);
  const start: Request = { action: 'Start', ...(options.paused === true ? { data: { paused: 'true' } } : {}) };
  if (runStrategyOf(vm) === 'Halted') {
    const running = withRunStrategy(vm, savedStateOf(vm)?.runStrategy === 'Once' ? 'Once' : 'Always');
    return options.paused === true ? withRequests(running, [start]) : running;
  }
  // The run that is over stands in the way until it is removed.
  return withRequests(vm, vmi !== undefined && isFinal(phaseOf(vmi)) ? [stopOf(vmi), start] : [start]);
}

function wishedToStop({ vm: before, vmi }: Wish): VirtualMachine {
  const vm = withDiscarding(before, false);
  switch (runStrategyOf(vm)) {
    case 'Always':
    case 'Once':
      return withRunStrategy(vm, 'Halted');
    case 'Manual':
    case 'RerunOnFailure':
      // Without a run that goes on, what is stopped is the start that is due.
      return withRequests(vm, vmi === undefined || isFinal(phaseOf(vmi)) ? [] : [stopOf(vmi)]);
    case 'Halted':
      return vm;
  }
}

function stopOf({ metadata: { uid } }: VirtualMachineInstance): Request {
  return { action: 'Stop', uid };
}

/** A new wish takes the place of those that were not yet fulfilled. */
export function withRequests(vm: VirtualMachine, requests: readonly Request[]): VirtualMachine {
  return { ...vm, status: { ...vm.status, stateChangeRequests: [...requests] } };
}

/** KubeVirt writes the field that the user chose; the deprecated one stays in use where it is. */
export function withRunStrategy(vm: VirtualMachine, runStrategy: 'Always' | 'Halted' | 'Once'): VirtualMachine {
  const { running, ...spec } = vm.spec;
  return {
    ...vm,
    metadata: { ...vm.metadata, generation: vm.metadata.generation + 1 },
    spec: running === undefined ? { ...spec, runStrategy } : { ...spec, running: runStrategy === 'Always' },
  };
}
