// Owns how this computer is parted into placement domains, each a Node of the API: by memory node, by cache, or by hand.
// Must not place machines, nor write objects.
import type { Cause } from '../../api/errors.ts';
import type { PlacementSettings } from '../../api/kinds/settings.ts';
import { cpuListText, parseCpuList } from '../../api/cpu-list.ts';
import { mebibytesOf } from '../../api/quantity.ts';
import { type Core, type HugePagePool, type TopologyFact, coresOf } from './topology.ts';

/** What a domain has of the pools of its memory nodes. */
export interface DomainPool extends HugePagePool {
  /** The memory node that it has most of, */
  readonly numaNode: number;
  /** and how much of that node is its: 0 to 1. */
  readonly share: number;
}

export interface PlacementDomain {
  /** Name of its Node. */
  readonly name: string;
  /** What tells it apart from the others of this computer: `numa0`, `cache1`, the name given by hand; empty when it is the whole computer. */
  readonly part: string;
  readonly cpus: readonly number[];
  readonly cores: readonly Core[];
  /** Kept for the computer: never handed out as a whole core. */
  readonly reservedCpus: readonly number[];
  /** Taken out of the kernel's hands at boot, for just this: handed out first. */
  readonly isolatedCpus: readonly number[];
  /** Memory nodes its memory comes from; empty when the computer has one only, so that nothing is bound. */
  readonly memoryNodes: readonly number[];
  readonly memoryMiB: number;
  readonly reservedMiB: number;
  readonly hugePages: readonly DomainPool[];
  /** Addresses of devices that somebody gave to it by hand. */
  readonly devices: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface Partition {
  readonly domains: readonly PlacementDomain[];
  /** What of the settings could not be done, each with its field; then the domains are those of memory nodes. */
  readonly causes: readonly Cause[];
}

const field = 'spec.placement';

/** A computer needs some of itself: by default 2 GiB and one core, never more than half. */
const defaultReserve = { memoryMiB: 2048, cores: 1 };

interface Part {
  readonly part: string;
  readonly cpus: readonly number[];
  /** Mebibytes set by hand; else its share of its memory nodes, by processors. */
  readonly memoryMiB?: number;
  readonly devices?: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

export function partitionOf(topology: TopologyFact, hostname: string, settings: PlacementSettings = {}): Partition {
  const byHand = settings.by === 'custom' ? customParts(topology, settings) : { parts: [], causes: [] };
  const parts =
    byHand.parts.length > 0 && byHand.causes.length === 0
      ? byHand.parts
      : settings.by === 'cache'
        ? cacheParts(topology)
        : numaParts(topology);
  const reserve = reserveOf(topology, settings);
  const domains = parts.map((part) => domainOf(part, { topology, hostname, parts, reserve }));
  return { domains, causes: byHand.causes };
}

function numaParts({ numaNodes }: TopologyFact): readonly Part[] {
  // Memory without processors runs nothing: it goes with the nearest node that does.
  return numaNodes
    .filter(({ cpus }) => cpus.length > 0)
    .map(({ id, cpus }) => ({ part: `numa${id}`, cpus, labels: { 'topology.virtdeck.io/numa': String(id) } }));
}

function cacheParts(topology: TopologyFact): readonly Part[] {
  const groups = new Map<string, readonly number[]>();
  for (const { sharesCache, id, numaNode } of topology.cpus) {
    // A computer that does not tell of its caches has one a memory node.
    const group = sharesCache.length > 0 ? sharesCache : (topology.numaNodes.find((node) => node.id === numaNode)?.cpus ?? [id]);
    groups.set(cpuListText(group), group);
  }
  const sorted = [...groups.values()].toSorted(([a = 0], [b = 0]) => a - b);
  return sorted.map((cpus, index) => {
    const numaNode = topology.cpus.find(({ id }) => id === cpus[0])?.numaNode ?? -1;
    return {
      part: `cache${index}`,
      cpus,
      labels: {
        'topology.virtdeck.io/cache': String(index),
        ...(numaNode < 0 ? {} : { 'topology.virtdeck.io/numa': String(numaNode) }),
      },
    };
  });
}

function customParts(
  topology: TopologyFact,
  { domains = [] }: PlacementSettings,
): { readonly parts: readonly Part[]; readonly causes: readonly Cause[] } {
  const known = new Set(topology.cpus.map(({ id }) => id));
  const taken = new Map<number, string>();
  const owners = new Map<string, string>();
  const causes: Cause[] = [];
  const refuse = (where: string, message: string, fix: string): void => {
    causes.push({ reason: 'FieldValueInvalid', field: where, message, fix });
  };
  if (domains.length === 0)
    refuse(`${field}.domains`, 'Domains by hand need at least one domain.', 'Add a domain, or part by memory node.');
  const parts = domains.flatMap(({ name, cpus: text, memory, devices = [] }, index): readonly Part[] => {
    const where = `${field}.domains[${index}]`;
    const cpus = parseCpuList(text);
    if (cpus === undefined || cpus.length === 0) {
      refuse(`${where}.cpus`, `${JSON.stringify(text)} is no list of processors.`, 'Write it as Linux does, such as 0-3,8.');
      return [];
    }
    const missing = cpus.filter((cpu) => !known.has(cpu));
    if (missing.length > 0) {
      refuse(`${where}.cpus`, `This computer has no processor ${cpuListText(missing)}.`, `It has ${cpuListText(known)}.`);
    }
    const twice = cpus.filter((cpu) => taken.has(cpu));
    if (twice.length > 0) {
      refuse(
        `${where}.cpus`,
        `Processor ${cpuListText(twice)} is in ${taken.get(twice[0] ?? 0)} already.`,
        'A processor is in one domain.',
      );
    }
    for (const cpu of cpus) taken.set(cpu, name);
    for (const device of devices) {
      const other = owners.get(device);
      if (other !== undefined) refuse(`${where}.devices`, `The device ${device} is in ${other} already.`, 'A device is in one domain.');
      owners.set(device, name);
    }
    const memoryMiB = mebibytesOf(memory);
    return [{ part: name, cpus, devices, labels: {}, ...(memoryMiB === undefined ? {} : { memoryMiB }) }];
  });
  const names = domains.map(({ name }) => name);
  names.forEach((name, index) => {
    if (names.indexOf(name) < index) refuse(`${field}.domains[${index}].name`, `There are two domains ${name}.`, 'Rename one.');
  });
  const total = topology.numaNodes.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0);
  const wanted = parts.reduce((sum, { memoryMiB = 0 }) => sum + memoryMiB, 0);
  if (wanted > total) {
    refuse(`${field}.domains`, `The domains have ${wanted} MiB of memory together; this computer has ${total} MiB.`, 'Give them less.');
  }
  return { parts, causes };
}

interface Reserve {
  readonly cpus: ReadonlySet<number>;
  /** Of the whole computer; domains bear it by their memory. */
  readonly memoryMiB: number;
}

function reserveOf(topology: TopologyFact, { reserved = {} }: PlacementSettings): Reserve {
  const all = topology.cpus.map(({ id }) => id);
  const cores = coresOf(topology, all);
  const totalMiB = topology.numaNodes.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0);
  const wantedCores = Math.min(reserved.cores ?? defaultReserve.cores, Math.floor(cores.length / 2));
  // The computer's own programs do not run on isolated ones.
  const isolated = new Set(topology.cpus.flatMap((cpu) => (cpu.isolated ? [cpu.id] : [])));
  const inOrder = cores.toSorted((a, b) => Number(a.some((cpu) => isolated.has(cpu))) - Number(b.some((cpu) => isolated.has(cpu))));
  return {
    cpus: new Set(inOrder.slice(0, wantedCores).flat()),
    memoryMiB: Math.min(mebibytesOf(reserved.memory) ?? defaultReserve.memoryMiB, Math.floor(totalMiB / 2)),
  };
}

interface Whole {
  readonly topology: TopologyFact;
  readonly hostname: string;
  readonly parts: readonly Part[];
  readonly reserve: Reserve;
}

function domainOf(part: Part, { topology, hostname, parts, reserve }: Whole): PlacementDomain {
  const isWhole = parts.length === 1 && part.cpus.length === topology.cpus.length;
  const shares = memoryShares(part, topology);
  const memoryMiB = part.memoryMiB ?? Math.floor(shares.reduce((sum, { node, share }) => sum + node.memoryMiB * share, 0));
  const totalMiB = topology.numaNodes.reduce((sum, node) => sum + node.memoryMiB, 0);
  const first = topology.cpus.find(({ id }) => id === part.cpus[0]);
  const kinds = new Set(topology.cpus.flatMap(({ id, kind }) => (kind !== undefined && part.cpus.includes(id) ? [kind] : [])));
  const [kind] = kinds;
  return {
    name: isWhole ? nodeNameOf(hostname) : `${nodeNameOf(hostname)}-${part.part}`,
    part: isWhole ? '' : part.part,
    cpus: part.cpus,
    cores: coresOf(topology, part.cpus),
    reservedCpus: part.cpus.filter((cpu) => reserve.cpus.has(cpu)),
    isolatedCpus: topology.cpus.flatMap(({ id, isolated }) => (isolated && part.cpus.includes(id) ? [id] : [])),
    memoryNodes: topology.numaNodes.length > 1 ? shares.map(({ node }) => node.id) : [],
    memoryMiB,
    reservedMiB: totalMiB === 0 ? 0 : Math.ceil((reserve.memoryMiB * memoryMiB) / totalMiB),
    hugePages: pagesOf(shares),
    devices: part.devices ?? [],
    labels: {
      ...part.labels,
      'topology.virtdeck.io/domain': isWhole ? nodeNameOf(hostname) : part.part,
      ...(first === undefined ? {} : { 'topology.virtdeck.io/package': String(first.packageId) }),
      ...(kinds.size === 1 && kind !== undefined ? { 'topology.virtdeck.io/core-kind': kind } : {}),
    },
  };
}

/** A computer may be named anything; a Node is named like a host of the Internet, with room for the part. */
export function nodeNameOf(hostname: string): string {
  const name = hostname
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replaceAll(/\.[.-]*|-+\./g, '.')
    .slice(0, 63)
    .replaceAll(/^[.-]+|[.-]+$/g, '');
  return name === '' ? 'computer' : name;
}

interface MemoryShare {
  readonly node: TopologyFact['numaNodes'][number];
  /** 0 to 1: how much of the node's memory is this domain's. */
  readonly share: number;
}

/** A domain has of each memory node what its processors are of it; memory without processors goes to the nearest node's domains. */
function memoryShares({ cpus }: Part, { numaNodes }: TopologyFact): readonly MemoryShare[] {
  const withCpus = numaNodes.filter((node) => node.cpus.length > 0);
  const shareOf = (node: TopologyFact['numaNodes'][number]): number =>
    node.cpus.filter((cpu) => cpus.includes(cpu)).length / Math.max(1, node.cpus.length);
  return numaNodes.flatMap((node) => {
    const home = node.cpus.length > 0 ? node : nearest(node, withCpus);
    const share = home === undefined ? 0 : shareOf(home);
    return share > 0 ? [{ node, share }] : [];
  });
}

function nearest({ distances }: MemoryShare['node'], among: readonly MemoryShare['node'][]): MemoryShare['node'] | undefined {
  return among.toSorted((a, b) => (distances[a.id] ?? 255) - (distances[b.id] ?? 255))[0];
}

/** Pages are whole: a part of a pool is rounded down. */
function pagesOf(shares: readonly MemoryShare[]): readonly DomainPool[] {
  const sizes = [...new Set(shares.flatMap(({ node }) => node.hugePages.map(({ pageBytes }) => pageBytes)))].toSorted((a, b) => a - b);
  const largest = shares.toSorted((a, b) => b.share - a.share)[0];
  return sizes.map((pageBytes) => {
    const pools = shares.flatMap(({ node, share }) =>
      node.hugePages.filter((pool) => pool.pageBytes === pageBytes).map((pool) => ({ pool, share })),
    );
    const sum = (of: (pool: HugePagePool) => number): number =>
      pools.reduce((all, { pool, share }) => all + Math.floor(of(pool) * share), 0);
    return {
      pageBytes,
      total: sum(({ total }) => total),
      free: sum(({ free }) => free),
      numaNode: largest?.node.id ?? 0,
      share: largest?.share ?? 1,
    };
  });
}
