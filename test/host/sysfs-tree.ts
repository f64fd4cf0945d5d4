// Owns small sysfs trees in temporary folders: computers that are not here.
// Must not read them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cpuListText } from '../../electron/api/cpu-list.ts';

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
  put('sys/devices/system/cpu/online', tree.online ?? cpuListText(all));
  put('sys/devices/system/cpu/present', cpuListText(all));
  put('sys/devices/system/cpu/isolated', tree.isolated ?? '');
  if (tree.performance !== undefined) put('sys/devices/cpu_core/cpus', tree.performance);
  if (tree.efficiency !== undefined) put('sys/devices/cpu_atom/cpus', tree.efficiency);
  cpus.forEach((cpu, id) => {
    const folder = `sys/devices/system/cpu/cpu${id}`;
    put(`${folder}/topology/physical_package_id`, String(cpu.package ?? 0));
    put(`${folder}/topology/die_id`, String(cpu.die ?? 0));
    put(`${folder}/topology/core_id`, String(cpu.core));
    put(
      `${folder}/topology/thread_siblings_list`,
      having((other) => other.core === cpu.core),
    );
    put(`${folder}/cache/index0/level`, '1');
    put(
      `${folder}/cache/index0/shared_cpu_list`,
      having((other) => other.core === cpu.core),
    );
    if (cpu.cache !== undefined) {
      put(`${folder}/cache/index3/level`, '3');
      put(
        `${folder}/cache/index3/shared_cpu_list`,
        having((other) => other.cache === cpu.cache),
      );
    }
  });
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
