// Owns the map of this computer: every processor with its place in the hardware, its Node and its owner; memory and what is promised of it.
// Must not place anything.
import type { MappedMachine, MappedMemory, MappedNode, MappedProcessor, NodeMap, ProcessorOwner } from '../../api/node-map.ts';
import { formatBytes } from '../../api/quantity.ts';
import { type Amounts, amountText, totalOf } from './amounts.ts';
import { type OwnCpus, sharedCpus } from './cores.ts';
import type { Partition, PlacementDomain } from './domains.ts';
import type { CpuFact, TopologyFact } from './topology.ts';

/** A machine that has its place. */
export interface MapMachine {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly requests: Amounts;
  readonly own?: OwnCpus;
}

export interface MapParts {
  readonly topology: TopologyFact;
  readonly partition: Partition;
  readonly machines: readonly MapMachine[];
}

const mebibyte = 1024 * 1024;

export function nodeMap({ topology, partition, machines }: MapParts): NodeMap {
  const { domains, causes } = partition;
  const owners = ownersOf(machines);
  const inside = new Set(domains.flatMap(({ cpus }) => cpus));
  return {
    nodes: domains.map((domain): MappedNode => {
      const here = machines.filter(({ node }) => node === domain.name);
      return {
        name: domain.name,
        processors: topology.cpus.filter(({ id }) => domain.cpus.includes(id)).map((cpu) => processor(cpu, ownerOf(cpu, domain, owners))),
        memory: memoryOf(domain, topology, totalOf(here.map(({ requests }) => requests))),
        machines: here.map(mapped),
      };
    }),
    outside: topology.cpus.filter(({ id }) => !inside.has(id)).map((cpu) => processor(cpu, { type: 'computer' })),
    causes,
  };
}

function ownersOf(machines: readonly MapMachine[]): ReadonlyMap<number, ProcessorOwner> {
  const owners = new Map<number, ProcessorOwner>();
  for (const { namespace, name, own } of machines) {
    const machine = { type: 'machine', namespace, name } as const;
    own?.vcpus.forEach((cpu, vcpu) => owners.set(cpu, { ...machine, part: 'vcpu', vcpu }));
    for (const cpu of own?.ioThreads ?? []) owners.set(cpu, { ...machine, part: 'ioThread' });
    for (const cpu of own?.emulator ?? []) owners.set(cpu, { ...machine, part: 'emulator' });
    for (const cpu of own?.spare ?? []) owners.set(cpu, { ...machine, part: 'spare' });
  }
  return owners;
}

function ownerOf({ id }: CpuFact, domain: PlacementDomain, owners: ReadonlyMap<number, ProcessorOwner>): ProcessorOwner {
  const owner = owners.get(id);
  if (owner !== undefined) return owner;
  if (!sharedCpus(domain, []).includes(id)) return { type: 'isolated' };
  return { type: domain.reservedCpus.includes(id) ? 'computer' : 'shared' };
}

function processor(
  { id, packageId, dieId, numaNode, sharesCache, siblings, kind, isolated }: CpuFact,
  owner: ProcessorOwner,
): MappedProcessor {
  const [cache] = sharesCache;
  return {
    id,
    packageId,
    dieId,
    numaNode,
    ...(cache === undefined ? {} : { cache }),
    core: siblings[0] ?? id,
    ...(kind === undefined ? {} : { kind }),
    isolated,
    owner,
  };
}

function memoryOf(domain: PlacementDomain, { numaNodes }: TopologyFact, promised: Amounts): MappedMemory {
  const { memoryMiB, reservedMiB, hugePages, memoryNodes } = domain;
  const from = memoryNodes.length === 0 ? numaNodes : numaNodes.filter(({ id }) => memoryNodes.includes(id));
  const all = from.reduce((sum, node) => sum + node.memoryMiB, 0);
  const available = from.reduce((sum, { availableMiB }) => sum + availableMiB, 0);
  return {
    numaNodes: from.map(({ id }) => id),
    totalMiB: memoryMiB,
    // Of a memory node that several share, each has its part.
    availableMiB: all === 0 ? 0 : Math.floor((available * memoryMiB) / all),
    reservedMiB,
    pooledMiB: hugePages.reduce((sum, { pageBytes, total }) => sum + (pageBytes * total) / mebibyte, 0),
    promisedMiB: Math.ceil((promised['memory'] ?? 0) / mebibyte),
    hugePages: hugePages.map(({ pageBytes, total, free }) => {
      const pageSize = formatBytes(pageBytes);
      return { pageSize, total, free, promised: (promised[`hugepages-${pageSize}`] ?? 0) / pageBytes };
    }),
  };
}

function mapped({ namespace, name, requests }: MapMachine): MappedMachine {
  return {
    namespace,
    name,
    requests: Object.fromEntries(Object.entries(requests).map(([resource, amount]) => [resource, amountText(resource, amount)])),
  };
}
