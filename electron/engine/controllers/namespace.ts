// Owns the end of a project: everything in it goes first.
// Must not hold anything up that has a finalizer of its own; it waits.
import { resourceId } from '../../api/kinds/kind.ts';
import type { Namespace } from '../../api/kinds/namespace.ts';
import { kinds } from '../../api/kinds/registry.ts';
import { resources } from '../../api/resources.ts';
import { finalizers } from '../admission.ts';
import type { Controller, EngineContext } from '../context.ts';
import { deleteObject, dropFinalizer, keyOf } from '../removal.ts';
import { read } from '../typed.ts';

/** Machines first: they let go of their disks. */
const contents = kinds.filter(({ namespaced }) => namespaced).map(resourceId);

export function createNamespaceController({ store, clock }: EngineContext): Controller {
  return {
    async reconcile(key) {
      store.transaction((tx) => {
        const namespace = read(tx, { ...key, resource: resources.namespaces });
        if (namespace === undefined) return;
        const isEnding = namespace.metadata.deletionTimestamp !== undefined;
        const next: Namespace = { ...namespace, status: { ...namespace.status, phase: isEnding ? 'Terminating' : 'Active' } };
        tx.replace(resources.namespaces, next);
        if (!isEnding) return;
        const now = clock.now();
        for (const resource of contents) {
          for (const object of tx.list(resource, key.name)) {
            // One that went with another of this list is gone already.
            const at = keyOf(resource, object);
            if (object.metadata.deletionTimestamp === undefined && tx.get(at) !== undefined)
              deleteObject(tx, { key: at, options: {}, now });
          }
        }
        if (contents.some((resource) => tx.count(resource, key.name) > 0)) return;
        dropFinalizer(tx, key, { finalizer: finalizers[resources.namespaces] ?? '', now });
      });
    },
  };
}
