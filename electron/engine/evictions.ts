// Owns ending machines that do not tolerate a NoExecute taint of the node they run on.
// Must not decide who has to leave; core/placement/eviction.ts does. Whether there is a next run is the machine's run strategy.
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type { ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { leaving } from '../core/placement/eviction.ts';
import type { EngineContext } from './context.ts';
import { read } from './typed.ts';

export interface Evictions {
  /** Whether it is being ended now. */
  sync(key: ObjectKey, vmi: VirtualMachineInstance): boolean;
  forget(uid: string): void;
}

export function createEvictions(context: EngineContext): Evictions {
  /** By uid of the run: when it was first seen that it has to leave. A restarted core gives the time anew, as Kubernetes does. */
  const seenAt = new Map<string, number>();
  return {
    sync(key, vmi) {
      const { store, clock, objects, events } = context;
      const { uid } = vmi.metadata;
      const node = read(store, { resource: resources.nodes, name: vmi.status?.nodeName ?? '' });
      const leaves = leaving(vmi.spec.tolerations ?? [], node?.spec.taints ?? []);
      if (leaves === undefined) {
        seenAt.delete(uid);
        return false;
      }
      const since = seenAt.get(uid) ?? clock.now();
      seenAt.set(uid, since);
      if (since + leaves.afterMs > clock.now()) {
        context.wakeAt(key, since + leaves.afterMs);
        return false;
      }
      const why = `Node ${node?.metadata.name} has the taint ${leaves.taint}, which the machine does not tolerate any longer: it is shut down.`;
      store.transaction(() => {
        objects.delete(key);
        events.record(vmi, { type: 'Warning', reason: 'TaintManagerEviction', message: why });
      });
      return true;
    },
    forget: (uid) => void seenAt.delete(uid),
  };
}
