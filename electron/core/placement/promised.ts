// Owns adding up what the machines of each node were promised, once for a placement.
// Must not know what a node has.
import { type Amounts, totalOf } from './amounts.ts';
import type { PlacementWorld, SummedWorld } from './world.ts';

export function withPromised(world: PlacementWorld): SummedWorld {
  const lists = new Map<string, Amounts[]>();
  for (const { node, requests } of world.machines) {
    const list = lists.get(node);
    if (list === undefined) lists.set(node, [requests]);
    else list.push(requests);
  }
  return { ...world, promised: new Map([...lists].map(([node, list]) => [node, totalOf(list)])) };
}
