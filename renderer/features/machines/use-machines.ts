// Owns the live list of machines as views.
// Must not filter.
import { useMemo, useState } from 'react';
import { useList, useObject } from '../../client/hooks.ts';
import { useProject } from '../../client/project.tsx';
import { createMachineViews, type MachineView, machineView } from './machine-view.ts';

export interface Machines {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly machines: readonly MachineView[];
  readonly error?: Error;
}

export function useMachines(): Machines {
  const vms = useList('virtualmachines.kubevirt.io');
  const vmis = useList('virtualmachineinstances.kubevirt.io');
  const [views] = useState(createMachineViews);
  const machines = useMemo(() => views(vms.items, vmis.items), [views, vms.items, vmis.items]);
  return { phase: vms.phase, machines, error: vms.error };
}

/** Of the project that is shown. */
export function useProjectMachines(): Machines {
  const all = useMachines();
  const { project } = useProject();
  const machines = useMemo(
    () => (project === undefined ? all.machines : all.machines.filter(({ namespace }) => namespace === project)),
    [all.machines, project],
  );
  return { ...all, machines };
}

export interface OneMachine {
  readonly phase: 'loading' | 'ready' | 'missing' | 'failed';
  readonly machine?: MachineView;
  readonly error?: Error;
}

export function useMachine(namespace: string, name: string): OneMachine {
  const { phase, object: vm, error } = useObject({ resource: 'virtualmachines.kubevirt.io', namespace, name });
  const { object: vmi } = useObject({ resource: 'virtualmachineinstances.kubevirt.io', namespace, name });
  const machine = useMemo(() => (vm === undefined ? undefined : machineView(vm, vmi)), [vm, vmi]);
  return { phase, machine, error };
}
