// Owns reading status.stateChangeRequests: what was asked by start, stop and restart and is not yet done.
// Must not act on them; vm-step.ts says what to do.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine, VirtualMachineStatus } from '../../api/kinds/virtual-machine.ts';
import { isFinal, phaseOf } from '../../api/lifecycle.ts';

type Request = NonNullable<VirtualMachineStatus['stateChangeRequests']>[number];

/** Only the first counts: the ones behind it wait for it. */
export function firstRequest(vm: VirtualMachine): Request | undefined {
  return vm.status?.stateChangeRequests?.[0];
}

export function hasStartRequest(vm: VirtualMachine): boolean {
  return firstRequest(vm)?.action === 'Start';
}

/** KubeVirt's StartRequestDataPausedKey. */
export function asksForPausedStart(vm: VirtualMachine): boolean {
  const request = firstRequest(vm);
  return request?.action === 'Start' && request.data?.['paused'] === 'true';
}

export function hasStopRequestFor(vm: VirtualMachine, vmi: VirtualMachineInstance): boolean {
  const request = firstRequest(vm);
  return request?.action === 'Stop' && request.uid === vmi.metadata.uid;
}

/** The requests without a first one that has been done. */
export function openRequests(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined): readonly Request[] {
  const requests = vm.status?.stateChangeRequests ?? [];
  return isDone(requests[0], vmi) ? requests.slice(1) : requests;
}

function isDone(request: Request | undefined, vmi: VirtualMachineInstance | undefined): boolean {
  switch (request?.action) {
    case 'Stop':
      return vmi === undefined || request.uid !== vmi.metadata.uid;
    case 'Start':
      return vmi !== undefined && vmi.metadata.deletionTimestamp === undefined && !isFinal(phaseOf(vmi));
    default:
      return false;
  }
}
