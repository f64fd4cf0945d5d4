// Owns the computer of a golden case: its processors, memory nodes and pools, and what is held of them.
// Must not place anything; the case's decision does.
import type { HostFacts } from '../../electron/core/facts.ts';
import { grantCounts } from '../../electron/core/devices/permitted.ts';
import { partitionOf } from '../../electron/core/placement/domains.ts';
import type { PlacementFacts } from '../../electron/core/placement/place-machine.ts';
import type { TopologyFact } from '../../electron/core/placement/topology.ts';
import { worldOf } from '../../electron/core/placement/world-of-objects.ts';
import { nodeOfDomain } from '../../electron/core/status/node-of-domain.ts';
import type { CaseFacts } from './golden-case.ts';
import { devicesOf } from './golden-devices.ts';

export interface GoldenComputer {
  readonly topology: TopologyFact;
  readonly threads: number;
  readonly memory: HostFacts['memory'];
}

/** Cores of two threads, numbered one after the other; a cache a memory node. */
export function computerOf({ threads = 8, numaNodes: count = 1, hugePages = {}, memory: given }: CaseFacts): GoldenComputer {
  const memory = given ?? { totalMiB: 32_768, availableMiB: 24_576 };
  const perNode = threads / count;
  const nodeOf = (cpu: number): number => Math.floor(cpu / perNode);
  const cpusOf = (node: number): readonly number[] => Array.from({ length: perNode }, (_, index) => node * perNode + index);
  const cpus = Array.from({ length: threads }, (_, id) => ({
    id,
    packageId: nodeOf(id),
    dieId: 0,
    siblings: [id - (id % 2), id - (id % 2) + 1].filter((cpu) => cpu < threads),
    sharesCache: cpusOf(nodeOf(id)),
    numaNode: nodeOf(id),
    isolated: false,
  }));
  const numaNodes = Array.from({ length: count }, (_, id) => ({
    id,
    cpus: cpusOf(id),
    memoryMiB: Math.floor(memory.totalMiB / count),
    availableMiB: Math.floor(memory.availableMiB / count),
    distances: Array.from({ length: count }, (_unused, other) => (other === id ? 10 : 21)),
    hugePages: Object.entries(hugePages).map(([mib, total]) => ({ pageBytes: Number(mib) * 1024 ** 2, total, free: total })),
  }));
  return { topology: { cpus, numaNodes }, threads, memory };
}

export function placementOf(facts: HostFacts, { held = {}, nodeLabels = {}, domains: byHand, hostDevices }: CaseFacts): PlacementFacts {
  const { domains } = partitionOf(facts.topology, facts.hostname, byHand === undefined ? {} : { by: 'custom', domains: [...byHand] });
  const devices = devicesOf(hostDevices, domains);
  const nodes = domains.map((domain) => {
    const node = nodeOfDomain({ domain, facts, now: 0, devices: grantCounts(devices.resources, domain.name) });
    return { ...node, metadata: { ...node.metadata, labels: { ...node.metadata.labels, ...nodeLabels } } };
  });
  const charging = { accelerator: facts.accelerator.inUse, networkResources: devices.networkResources };
  const world = worldOf({ nodes, domains, machines: [], namespaces: [], ...charging });
  return { world, domains, held: new Map(Object.entries(held)), devices };
}
