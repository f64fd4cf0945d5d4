// Owns how processors lie in the hardware: package, memory node, cache, core, thread, each in the one before.
// Must not draw.
import type { MappedProcessor } from '../../../electron/api/node-map.ts';

export interface CoreGroup {
  readonly id: number;
  readonly kind?: MappedProcessor['kind'];
  readonly threads: readonly MappedProcessor[];
}

export interface CacheGroup {
  /** The first processor that shares it; undefined when the computer does not say. */
  readonly id: number | undefined;
  readonly cores: readonly CoreGroup[];
}

export interface DieGroup {
  readonly packageId: number;
  readonly dieId: number;
  readonly numaNode: number;
  readonly caches: readonly CacheGroup[];
}

export function processorGroups(processors: readonly MappedProcessor[]): readonly DieGroup[] {
  return grouped(processors, ({ packageId, dieId, numaNode }) => `${packageId}/${numaNode}/${dieId}`).map(([first, ofDie]) => ({
    packageId: first.packageId,
    dieId: first.dieId,
    numaNode: first.numaNode,
    caches: grouped(ofDie, ({ cache }) => String(cache)).map(([{ cache }, ofCache]) => ({
      id: cache,
      cores: grouped(ofCache, ({ core }) => String(core)).map(([{ core, kind }, threads]) => ({
        id: core,
        ...(kind === undefined ? {} : { kind }),
        threads,
      })),
    })),
  }));
}

/** In order of what comes first; each group with its first. */
function grouped(
  processors: readonly MappedProcessor[],
  keyOf: (processor: MappedProcessor) => string,
): readonly (readonly [MappedProcessor, readonly MappedProcessor[]])[] {
  const groups = Map.groupBy(processors, keyOf);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [[first, group] as const];
  });
}

/** Machines in the order in which their processors come: each has its colour by its place here. */
export function ownersOf(processors: readonly MappedProcessor[]): readonly string[] {
  const names = processors.flatMap(({ owner }) => (owner.type === 'machine' ? [`${owner.namespace}/${owner.name}`] : []));
  return [...new Set(names)];
}
