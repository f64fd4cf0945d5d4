// Owns this computer's Node object.
// Must not look at the computer by the clock: at the start, and when the settings change.
import { apiVersionOf } from '../../api/kinds/kind.ts';
import { type Node, nodeKind } from '../../api/kinds/node.ts';
import type { ObjectKey } from '../../api/object.ts';
import { resources } from '../../api/resources.ts';
import { timestamp } from '../../core/status/conditions.ts';
import { nodeLabels, nodeStatus } from '../../core/status/node-of-computer.ts';
import type { Controller, EngineContext } from '../context.ts';
import { keyOf } from '../removal.ts';
import { read, readAll } from '../typed.ts';

/** Whatever key is asked for, all Nodes are brought in order: there is one computer. */
export function createNodeController(context: EngineContext): Controller {
  const { store, clock, ids } = context;
  return {
    async reconcile() {
      const facts = await context.hostFacts();
      store.transaction((tx) => {
        // The computer was renamed, or the data came from another one.
        for (const other of readAll(tx, resources.nodes)) {
          if (other.metadata.name !== facts.hostname) tx.remove(keyOf(resources.nodes, other));
        }
        const old = read(tx, { resource: resources.nodes, name: facts.hostname });
        const node: Node = {
          apiVersion: apiVersionOf(nodeKind),
          kind: nodeKind.kind,
          spec: {},
          ...old,
          metadata: {
            ...(old?.metadata ?? {
              name: facts.hostname,
              uid: ids.uuid(),
              resourceVersion: '',
              generation: 1,
              creationTimestamp: timestamp(clock.now()),
            }),
            labels: nodeLabels(facts, old?.metadata.labels),
          },
          status: nodeStatus(facts, old?.status, clock.now()),
        };
        if (old === undefined) tx.insert(resources.nodes, node);
        else tx.replace(resources.nodes, node);
      });
    },
  };
}

/** Any key will do to have the computer looked at. */
export const computerKey: ObjectKey = { resource: resources.nodes, name: 'this-computer' };
