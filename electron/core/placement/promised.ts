// Owns what is added up and looked up once for a placement: what the machines of each node were promised, where which topology value is.
// Must not know what a node has.
import type { Amounts } from './amounts.ts';
import { topologyReader } from './topology-terms.ts';
import type { PlacementWorld, SummedWorld } from './world.ts';

export function withPromised(world: PlacementWorld): SummedWorld {
  const promised = new Map<string, Record<string, number>>();
  for (const { node, requests } of world.machines) {
    const sum = promised.get(node);
    if (sum === undefined) promised.set(node, { ...requests });
    else add(sum, requests);
  }
  return { ...world, promised, valuesOf: topologyReader(world) };
}

/** In place, and without lists of entries: once for each machine that runs, at each placement. */
function add(sum: Record<string, number>, more: Amounts): void {
  for (const name of Object.keys(more)) sum[name] = (sum[name] ?? 0) + (more[name] ?? 0);
}
