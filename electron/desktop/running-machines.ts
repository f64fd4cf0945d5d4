// Owns the list of running machines for the tray and the question at closing: a watch like any client's.
// Must not poll.
import type { KubeObject } from '../api/object.ts';
import type { Caller, Router } from '../server/router.ts';
import { followObjects } from './follow-objects.ts';

export interface RunningMachineName {
  readonly namespace: string;
  readonly name: string;
}

export interface RunningMachines {
  list(): readonly RunningMachineName[];
  close(): void;
}

type Instance = KubeObject<{ readonly status?: { readonly phase?: string } }>;

/** Follows the instances until closed. */
export function followRunningMachines(router: Router, caller: Caller, onChange: () => void): RunningMachines {
  const found = new Map<string, RunningMachineName>();
  const note = ({ metadata }: Instance, running: boolean): void => {
    const key = `${metadata.namespace}/${metadata.name}`;
    if (running) found.set(key, { namespace: metadata.namespace ?? 'default', name: metadata.name });
    else found.delete(key);
  };
  const close = followObjects<Instance>(router, caller, {
    path: 'http://core/apis/kubevirt.io/v1/virtualmachineinstances',
    onList(instances) {
      found.clear();
      for (const instance of instances) note(instance, instance.status?.phase === 'Running');
      onChange();
    },
    onChange(instance, isThere) {
      const before = found.size;
      note(instance, isThere && instance.status?.phase === 'Running');
      if (found.size !== before) onChange();
    },
  });
  return { list: () => [...found.values()], close };
}
