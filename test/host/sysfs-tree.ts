// Owns small sysfs trees in temporary folders: computers that are not here.
// Must not read them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cpuListText, parseCpuList } from '../../electron/api/cpu-list.ts';

export interface TreeCpu {
  readonly core: number;
  readonly package?: number;
  readonly die?: number;
  /** Number of the last level cache it has; absent: the kernel does not tell. */
  readonly cache?: number;
  readonly node?: number;
}

export interface Tree {
  /** By Linux' number, all present ones. */
  readonly cpus: readonly TreeCpu[];
  /** Absent: all. */
  readonly online?: string;
  readonly isolated?: string;
  readonly performance?: string;
  readonly efficiency?: string;
  /** Mebibytes of each memory node, in order; absent: a kernel without NUMA. */
  readonly nodesMiB?: readonly number[];
  readonly distances?: readonly string[];
  /** Free and total pages of 2 MiB of each node. */
  readonly pages?: readonly (readonly [free: number, total: number])[];
}

export function writeTree(root: string, tree: Tree): void {
  const put = (path: string, text: string): void => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${text}\n`);
  };
  const { cpus, nodesMiB = [] } = tree;
  const all = cpus.map((_, id) => id);
  const having = (isSame: (cpu: TreeCpu) => boolean): string => cpuListText(all.filter((id) => isSame(cpus[id]!)));
  // The kernel has each set as a list and as a mask, of those that are online alone. We read lists, hwloc reads masks.
  const online = new Set(tree.online === undefined ? all : parseCpuList(tree.online));
  const mask = (isSame: (cpu: TreeCpu) => boolean): string =>
    all
      .filter((id) => online.has(id) && isSame(cpus[id]!))
      .reduce((bits, id) => bits + 2 ** id, 0)
      .toString(16);
  put('sys/devices/system/cpu/online', tree.online ?? cpuListText(all));
  for (const file of ['present', 'possible']) put(`sys/devices/system/cpu/${file}`, cpuListText(all));
  put('sys/devices/system/cpu/isolated', tree.isolated ?? '');
  if (tree.performance !== undefined) put('sys/devices/cpu_core/cpus', tree.performance);
  if (tree.efficiency !== undefined) put('sys/devices/cpu_atom/cpus', tree.efficiency);
  cpus.forEach((cpu, id) => {
    const folder = `sys/devices/system/cpu/cpu${id}`;
    const isOfPackage = (other: TreeCpu): boolean => (other.package ?? 0) === (cpu.package ?? 0);
    put(`${folder}/online`, online.has(id) ? '1' : '0');
    // Who is offline has no topology.
    if (!online.has(id)) return;
    put(`${folder}/topology/physical_package_id`, String(cpu.package ?? 0));
    put(`${folder}/topology/die_id`, String(cpu.die ?? 0));
    put(`${folder}/topology/core_id`, String(cpu.core));
    put(
      `${folder}/topology/core_cpus`,
      mask((other) => other.core === cpu.core),
    );
    put(`${folder}/topology/package_cpus`, mask(isOfPackage));
    put(
      `${folder}/topology/die_cpus`,
      mask((other) => isOfPackage(other) && (other.die ?? 0) === (cpu.die ?? 0)),
    );
    put(
      `${folder}/topology/thread_siblings_list`,
      having((other) => other.core === cpu.core),
    );
    const cache = (index: number, level: number, isShared: (other: TreeCpu) => boolean): void => {
      put(`${folder}/cache/index${index}/level`, String(level));
      put(`${folder}/cache/index${index}/type`, level === 1 ? 'Data' : 'Unified');
      put(`${folder}/cache/index${index}/size`, level === 1 ? '32K' : '32768K');
      put(`${folder}/cache/index${index}/shared_cpu_list`, having(isShared));
      put(`${folder}/cache/index${index}/shared_cpu_map`, mask(isShared));
    };
    cache(0, 1, (other) => other.core === cpu.core);
    if (cpu.cache !== undefined) cache(3, 3, (other) => other.cache === cpu.cache);
  });
  if (nodesMiB.length > 0) put('sys/devices/system/node/online', cpuListText(nodesMiB.map((_, id) => id)));
  nodesMiB.forEach((mib, id) => {
    const folder = `sys/devices/system/node/node${id}`;
    const [free = 0, total = 0] = tree.pages?.[id] ?? [];
    put(
      `${folder}/cpulist`,
      having((cpu) => (cpu.node ?? 0) === id),
    );
    put(
      `${folder}/meminfo`,
      `Node ${id} MemTotal:  ${mib * 1024} kB\nNode ${id} MemFree:  ${mib * 512} kB\nNode ${id} FilePages:  ${mib * 256} kB`,
    );
    put(
      `${folder}/cpumap`,
      mask((cpu) => (cpu.node ?? 0) === id),
    );
    put(`${folder}/distance`, tree.distances?.[id] ?? nodesMiB.map((_, other) => (other === id ? 10 : 21)).join(' '));
    put(`${folder}/hugepages/hugepages-2048kB/nr_hugepages`, String(total));
    put(`${folder}/hugepages/hugepages-2048kB/free_hugepages`, String(free));
  });
  const [free = 0, total = 0] = tree.pages?.[0] ?? [];
  put('sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages', String(total));
  put('sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages', String(free));
  put('sys/kernel/mm/hugepages/hugepages-2048kB/resv_hugepages', '3');
  const totalKiB = nodesMiB.length === 0 ? 8 * 1024 ** 2 : nodesMiB.reduce((sum, mib) => sum + mib, 0) * 1024;
  put('proc/meminfo', `MemTotal:       ${totalKiB} kB\nMemFree:        ${totalKiB / 8} kB\nMemAvailable:   ${totalKiB / 2} kB`);
}
