// Owns a VirtualMachine's status: made of its definition, its run and its disks. KubeVirt v1.9.0, updateStatus in pkg/virt-controller/watch/vm/vm.go.
// Must not act; core/reconcile says what to do next.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine, VirtualMachineStatus } from '../../api/kinds/virtual-machine.ts';
import { runStrategyOf } from '../../api/lifecycle.ts';
import { startFailureAfter } from '../reconcile/start-failure.ts';
import { openRequests } from '../reconcile/state-changes.ts';
import { isTrue } from './conditions.ts';
import { printableStatus } from './printable-status.ts';
import { unlessSame } from './same-json.ts';
import { vmConditions } from './vm-conditions.ts';
import { type VmObserved, vmGenerationAnnotation } from './vm-observed.ts';

/**
 * The whole status; the very same object when nothing changed.
 * @param now milliseconds since 1970.
 */
export function vmStatus(vm: VirtualMachine, observed: VmObserved, now: number): VirtualMachineStatus {
  const { vmi } = observed;
  const {
    startFailure: _failure,
    stateChangeRequests: _requests,
    instancetypeRef: _type,
    preferenceRef: _preference,
    ...old
  } = vm.status ?? {};
  const startFailure = startFailureAfter(vm, vmi, now);
  const requests = openRequests(vm, vmi);
  const partial: VirtualMachineStatus = {
    ...old,
    created: vmi !== undefined,
    ready: isTrue(vmi?.status?.conditions, 'Ready'),
    ...generations(vm, vmi),
    // Written from the first run on, so that it tells whether the machine was ever started.
    ...(old.runStrategy !== undefined || vmi !== undefined ? { runStrategy: runStrategyOf(vm) } : {}),
    ...(startFailure === undefined ? {} : { startFailure }),
    ...observed.refs,
    ...(requests.length === 0 ? {} : { stateChangeRequests: [...requests] }),
    conditions: vmConditions(vm, observed, now),
  };
  const next = { ...partial, printableStatus: printableStatus({ ...vm, status: partial }, observed, now) };
  return unlessSame(vm.status, next);
}

function generations(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined): VirtualMachineStatus {
  const made = vmi?.metadata.annotations?.[vmGenerationAnnotation];
  return made === undefined ? {} : { observedGeneration: Number(made), desiredGeneration: vm.metadata.generation };
}
