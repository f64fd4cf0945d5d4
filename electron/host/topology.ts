// Owns reading what the kernel says of processors, caches, memory nodes and huge pages, below a root folder that tests may choose.
// Must not change any of it, nor decide how it is parted.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { parseCpuList } from '../api/cpu-list.ts';
import type { CpuFact, HugePagePool, NumaNodeFact, TopologyFact } from '../core/placement/topology.ts';
import { errnoOf } from './errno.ts';
import { readIfThere } from './proc.ts';

export async function readTopology(root = '/'): Promise<TopologyFact> {
  return await topologyReader(root)();
}

type Shape = Awaited<ReturnType<typeof readCpu>>;

/**
 * Reads again what changes: who is online, memory, pools. Cores and caches of a processor are read once for each set of those that are online: a
 * dozen files each, at every start of a machine.
 */
export function topologyReader(root = '/'): () => Promise<TopologyFact> {
  let known: { readonly online: string; readonly shapes: Promise<ReadonlyMap<number, Shape>> } | undefined;
  return async () => {
    const online = await listIn(path.join(root, 'sys/devices/system/cpu/online'));
    const key = online.join(',');
    if (known?.online !== key) known = { online: key, shapes: readShapes(root, online) };
    return await topologyOf(root, online, await known.shapes);
  };
}

async function readShapes(root: string, online: readonly number[]): Promise<ReadonlyMap<number, Shape>> {
  const there = new Set(online);
  const folder = path.join(root, 'sys/devices/system/cpu');
  return new Map(await Promise.all(online.map(async (id) => [id, await readCpu(path.join(folder, `cpu${id}`), id, there)] as const)));
}

async function topologyOf(root: string, online: readonly number[], shapes: ReadonlyMap<number, Shape>): Promise<TopologyFact> {
  const system = path.join(root, 'sys/devices/system');
  const [isolated, performance, efficiency, nodes] = await Promise.all([
    listIn(path.join(system, 'cpu/isolated')),
    // Intel's hybrid processors name their two kinds as two performance monitoring units.
    listIn(path.join(root, 'sys/devices/cpu_core/cpus')),
    listIn(path.join(root, 'sys/devices/cpu_atom/cpus')),
    readNodes(root),
  ]);
  const kinds = efficiency.length === 0 ? undefined : { performance: new Set(performance), efficiency: new Set(efficiency) };
  const cpus = online.flatMap((id): readonly CpuFact[] => {
    const kind = kinds?.efficiency.has(id) ? 'efficiency' : kinds?.performance.has(id) ? 'performance' : undefined;
    const shape = shapes.get(id);
    if (shape === undefined) return [];
    const numaNode = nodes.find((node) => node.cpus.includes(id))?.id ?? -1;
    return [{ id, ...shape, numaNode, isolated: isolated.includes(id), ...(kind === undefined ? {} : { kind }) }];
  });
  return {
    cpus,
    numaNodes: nodes.length > 1 ? nodes.map((node) => onlineOnly(node, online)) : [await wholeComputer(root, online, nodes[0])],
  };
}

function onlineOnly(node: NumaNodeFact, online: readonly number[]): NumaNodeFact {
  return { ...node, cpus: node.cpus.filter((cpu) => online.includes(cpu)) };
}

async function readCpu(
  folder: string,
  id: number,
  online: ReadonlySet<number>,
): Promise<Pick<CpuFact, 'packageId' | 'dieId' | 'siblings' | 'sharesCache'>> {
  const [packageId, dieId, siblings, sharesCache] = await Promise.all([
    numberIn(path.join(folder, 'topology/physical_package_id')),
    numberIn(path.join(folder, 'topology/die_id')),
    listIn(path.join(folder, 'topology/thread_siblings_list')),
    lastCache(path.join(folder, 'cache')),
  ]);
  const here = siblings.filter((cpu) => online.has(cpu));
  return {
    packageId: packageId ?? 0,
    dieId: dieId ?? 0,
    siblings: here.length === 0 ? [id] : here,
    sharesCache: sharesCache.filter((cpu) => online.has(cpu)),
  };
}

/** Who shares the cache of the highest level, when that is the third or above: a second level is mostly a core's own. */
async function lastCache(folder: string): Promise<readonly number[]> {
  const indexes = (await namesIn(folder)).filter((name) => /^index\d+$/.test(name));
  const caches = await Promise.all(
    indexes.map(async (name) => ({
      level: (await numberIn(path.join(folder, name, 'level'))) ?? 0,
      cpus: await listIn(path.join(folder, name, 'shared_cpu_list')),
    })),
  );
  const last = caches.toSorted((a, b) => b.level - a.level)[0];
  return last !== undefined && last.level >= 3 ? last.cpus : [];
}

async function readNodes(root: string): Promise<readonly NumaNodeFact[]> {
  const folder = path.join(root, 'sys/devices/system/node');
  const names = (await namesIn(folder)).filter((name) => /^node\d+$/.test(name));
  const nodes = await Promise.all(
    names.map(async (name): Promise<NumaNodeFact> => {
      const [cpus, meminfo, distance, hugePages] = await Promise.all([
        listIn(path.join(folder, name, 'cpulist')),
        readIfThere(path.join(folder, name, 'meminfo')),
        readIfThere(path.join(folder, name, 'distance')),
        readPools(path.join(folder, name, 'hugepages')),
      ]);
      const mib = (key: string): number => Math.floor(Number(new RegExp(`${key}:\\s+(\\d+) kB`).exec(meminfo ?? '')?.[1] ?? 0) / 1024);
      return {
        id: Number(name.slice('node'.length)),
        cpus,
        memoryMiB: mib('MemTotal'),
        // A node does not say what is available; what files and reclaimable slabs hold can be had back.
        availableMiB: mib('MemFree') + mib('FilePages') + mib('SReclaimable') - mib('Shmem'),
        distances: (distance ?? '').trim().split(/\s+/).filter(Boolean).map(Number),
        hugePages,
      };
    }),
  );
  return nodes.toSorted((a, b) => a.id - b.id);
}

/** A kernel without NUMA has no node folders; and where there is one node, memory that was plugged in later may be missing from its own figures. */
async function wholeComputer(root: string, cpus: readonly number[], only: NumaNodeFact | undefined): Promise<NumaNodeFact> {
  const meminfo = (await readIfThere(path.join(root, 'proc/meminfo'))) ?? '';
  const mib = (key: string): number => Math.floor(Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(meminfo)?.[1] ?? 0) / 1024);
  return {
    id: only?.id ?? 0,
    cpus,
    memoryMiB: mib('MemTotal'),
    availableMiB: mib('MemAvailable'),
    distances: [10],
    hugePages: await readPools(path.join(root, 'sys/kernel/mm/hugepages')),
  };
}

async function readPools(folder: string): Promise<readonly HugePagePool[]> {
  const names = (await namesIn(folder)).filter((name) => /^hugepages-\d+kB$/.test(name));
  const pools = await Promise.all(
    names.map(async (name): Promise<HugePagePool> => {
      const [total, free, reserved] = await Promise.all(
        // Only the pool of the whole computer says what is reserved: mapped, and not touched yet.
        ['nr_hugepages', 'free_hugepages', 'resv_hugepages'].map((file) => numberIn(path.join(folder, name, file))),
      );
      return {
        pageBytes: Number(/\d+/.exec(name)?.[0] ?? 0) * 1024,
        total: total ?? 0,
        free: Math.max(0, (free ?? 0) - (reserved ?? 0)),
      };
    }),
  );
  return pools.toSorted((a, b) => a.pageBytes - b.pageBytes);
}

async function numberIn(file: string): Promise<number | undefined> {
  const text = (await readIfThere(file))?.trim();
  return text === undefined || !/^-?\d+$/.test(text) ? undefined : Number(text);
}

async function listIn(file: string): Promise<readonly number[]> {
  return parseCpuList((await readIfThere(file)) ?? '') ?? [];
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (['ENOENT', 'EACCES', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return [];
    throw error;
  }
}
