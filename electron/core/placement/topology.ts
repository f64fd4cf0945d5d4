// Owns what the computer told us of its processors, caches and memory nodes, as plain data.
// Must not decide how they are parted; domains do.

export interface CpuFact {
  /** As Linux numbers them: what taskset and cpusets take. */
  readonly id: number;
  readonly packageId: number;
  readonly dieId: number;
  /** Every thread of its core, itself among them, sorted. */
  readonly siblings: readonly number[];
  /** Every processor that shares its last level cache, sorted; empty when the computer does not say. */
  readonly sharesCache: readonly number[];
  /** -1: the computer does not say. */
  readonly numaNode: number;
  /** Only on processors of two kinds. */
  readonly kind?: 'performance' | 'efficiency';
  /** Taken out of the scheduler's hands at boot (isolcpus). */
  readonly isolated: boolean;
}

export interface HugePagePool {
  readonly pageBytes: number;
  readonly total: number;
  /** Free and not reserved by a mapping. */
  readonly free: number;
}

export interface NumaNodeFact {
  readonly id: number;
  /** Empty: memory without processors (CXL, persistent memory). */
  readonly cpus: readonly number[];
  readonly memoryMiB: number;
  readonly availableMiB: number;
  /** To each node in order of id; 10 is itself. */
  readonly distances: readonly number[];
  readonly hugePages: readonly HugePagePool[];
}

export interface TopologyFact {
  /** Online ones, in order of id. */
  readonly cpus: readonly CpuFact[];
  /** In order of id; one with everything on a computer that has no NUMA. */
  readonly numaNodes: readonly NumaNodeFact[];
}

/** Threads of one core, sorted. */
export type Core = readonly number[];

/** The cores of some processors, in order of their first thread. A core of which a thread is missing counts with what is there. */
export function coresOf(topology: TopologyFact, cpus: readonly number[]): readonly Core[] {
  const wanted = new Set(cpus);
  const cores = new Map<string, Core>();
  for (const { id, siblings } of topology.cpus) {
    if (!wanted.has(id)) continue;
    const core = siblings.filter((cpu) => wanted.has(cpu));
    cores.set(core.join(','), core);
  }
  return [...cores.values()].toSorted(([a = 0], [b = 0]) => a - b);
}
