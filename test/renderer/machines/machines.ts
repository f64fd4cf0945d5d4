// Owns short ways to write stored machines in tests.
// Must not decide what the core would.
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { type MachineView, machineView } from '../../../renderer/features/machines/machine-view.ts';
import { named, vm, type VmPart } from '../../fakes/builders.ts';

export const createdAt = '2026-01-01T00:00:00Z';

/** A stored machine: what the core completes is there. */
export function storedVm(name: string, more: Partial<Pick<VirtualMachine, 'status'>> = {}, ...parts: readonly VmPart[]): VirtualMachine {
  const draft = vm(named(name), ...parts);
  return {
    ...draft,
    metadata: { uid: `uid-${name}`, resourceVersion: '1', generation: 1, creationTimestamp: createdAt, ...draft.metadata, name },
    ...more,
  };
}

export function storedVmi(
  definition: VirtualMachine,
  status: VirtualMachineInstance['status'] = { phase: 'Running' },
): VirtualMachineInstance {
  const { name, namespace } = definition.metadata;
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { name, namespace, uid: `run-${name}`, resourceVersion: '1', generation: 1, creationTimestamp: createdAt },
    spec: definition.spec.template.spec!,
    status,
  };
}

export function runningView(name: string, ...parts: readonly VmPart[]): MachineView {
  const definition = storedVm(name, { status: { printableStatus: 'Running' } }, ...parts);
  return machineView(definition, storedVmi(definition));
}

export function stoppedView(name: string, ...parts: readonly VmPart[]): MachineView {
  return machineView(storedVm(name, { status: { printableStatus: 'Stopped' } }, ...parts), undefined);
}
