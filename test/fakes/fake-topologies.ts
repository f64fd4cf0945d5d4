// Owns computers that are larger than the plain fake one.
// Must not look at the real one.
import type { TopologyFact } from '../../electron/core/placement/topology.ts';

const gib = 1024 ** 3;
const all = Array.from({ length: 16 }, (_, id) => id);

/** Two memory nodes of two caches each, two cores of two threads to a cache, huge pages; Linux numbers the second threads last. */
export const workstation: TopologyFact = {
  cpus: all.map((id) => {
    const core = id % 8;
    const cache = Math.floor(core / 2);
    return {
      id,
      packageId: 0,
      dieId: 0,
      siblings: [core, core + 8],
      sharesCache: all.filter((other) => Math.floor((other % 8) / 2) === cache),
      numaNode: Math.floor(core / 4),
      isolated: core >= 6,
    };
  }),
  numaNodes: [0, 1].map((id) => ({
    id,
    cpus: all.filter((cpu) => Math.floor((cpu % 8) / 4) === id),
    memoryMiB: 16_384,
    availableMiB: 12_000 - id * 3000,
    distances: id === 0 ? [10, 21] : [21, 10],
    hugePages: [
      { pageBytes: gib / 512, total: 1024, free: 768 },
      { pageBytes: gib, total: 0, free: 0 },
    ],
  })),
};
