// Owns the Node objects: one for each placement domain of this computer.
// Must not look at the computer by the clock: at the start, and when the settings change.
import { type Node, nodeKind } from '../../api/kinds/node.ts';
import type { ObjectKey } from '../../api/object.ts';
import { resources } from '../../api/resources.ts';
import { nodeOfDomain } from '../../core/status/node-of-domain.ts';
import { grantCounts } from '../../core/devices/permitted.ts';
import type { Controller, EngineContext } from '../context.ts';
import { offeredDevices } from '../device-facts.ts';
import { partitionNow } from '../partition-now.ts';
import { keyOf } from '../removal.ts';
import { read, readAll } from '../typed.ts';

/** Whatever key is asked for, all Nodes are brought in order: they are parts of one computer. */
export function createNodeController(context: EngineContext): Controller {
  const { store, clock, ids, events } = context;
  return {
    async reconcile() {
      // Before the devices: a trial that ends in between is looked at once more.
      await lookAfterTrials(context);
      const facts = await context.hostFacts();
      const { domains, causes } = partitionNow(context, facts);
      const devices = offeredDevices(context, { domains, host: facts });
      const settings = read(store, { resource: resources.settings, name: 'default' });
      store.transaction((tx) => {
        const names = new Set(domains.map(({ name }) => name));
        // The computer was renamed or is parted otherwise, or the data came from another one.
        for (const other of readAll(tx, resources.nodes)) {
          if (!names.has(other.metadata.name)) tx.remove(keyOf(resources.nodes, other));
        }
        for (const domain of domains) {
          const old = read(tx, { resource: resources.nodes, name: domain.name });
          const offered = { devices: grantCounts(devices, domain.name) };
          const node: Node = nodeOfDomain({ domain, facts, now: clock.now(), ...offered, ...(old === undefined ? {} : { old }) });
          if (old === undefined) tx.insert(resources.nodes, { ...node, metadata: { ...node.metadata, uid: ids.uuid() } });
          else tx.replace(resources.nodes, node);
        }
        for (const { message, fix } of causes) {
          if (settings === undefined) break;
          events.record(settings, {
            type: 'Warning',
            reason: 'PlacementIgnored',
            message: `${message} ${fix ?? ''} Until then every memory node is a ${nodeKind.kind}.`,
          });
        }
      });
    },
  };
}

/** Drivers have taken their devices back by then. */
const givenBackMs = 2_000;

/** What is tried is offered, and is not any more when it was taken back: by who was to do it, or by us when he was ended. */
async function lookAfterTrials(context: EngineContext): Promise<void> {
  const { clock, interrupted, wakeAt } = context;
  const { trials } = await interrupted.finish();
  for (const { untilMs } of trials) wakeAt(computerKey, Math.max(untilMs, clock.now()) + givenBackMs);
}

/** Any key will do to have the computer looked at. */
export const computerKey: ObjectKey = { resource: resources.nodes, name: 'this-computer' };
