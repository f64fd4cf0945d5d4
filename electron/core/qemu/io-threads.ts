// Owns which thread serves which disk.
// Must not pin them; limits do.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { jsonOption } from './args.ts';
import type { Argument } from './launch-plan.ts';
import type { Disk } from './manifest.ts';
import { topologyOf } from './topology.ts';

export interface IoThreads {
  readonly args: readonly Argument[];
  /** Thread by name of the disk; absent means QEMU's main loop. */
  readonly ofDisk: ReadonlyMap<string, string>;
}

/** KubeVirt's rule: a dedicated disk has a thread to itself, the others share one or take turns over a pool. Only virtio can use them. */
export function ioThreadsOf(vmi: VirtualMachineInstance): IoThreads {
  const { ioThreadsPolicy, devices } = vmi.spec.domain;
  const disks = (devices.disks ?? []).filter(usesVirtio);
  const dedicated = disks.filter(({ dedicatedIOThread }) => dedicatedIOThread === true);
  const others = disks.filter((disk) => !dedicated.includes(disk));
  if (ioThreadsPolicy === undefined && dedicated.length === 0) return { args: [], ofDisk: new Map() };
  const pool = Math.min(others.length, poolSize(vmi, dedicated.length));
  const ofDisk = new Map([
    ...dedicated.map(({ name }, index): [string, string] => [name, threadId(pool + index)]),
    ...others.map(({ name }, index): [string, string] => [name, threadId(index % pool)]),
  ]);
  const field = ioThreadsPolicy === undefined ? 'spec.domain.devices.disks' : 'spec.domain.ioThreadsPolicy';
  const threads = Array.from({ length: pool + dedicated.length }, (_, index) =>
    jsonOption('-object', { 'qom-type': 'iothread', id: threadId(index) }, { field }),
  );
  return { args: threads, ofDisk };
}

/** QEMU's names of them, in order. */
export function ioThreadIds(vmi: VirtualMachineInstance): readonly string[] {
  return ioThreadsOf(vmi).args.map((_argument, index) => threadId(index));
}

/** Threads that have processors of their own beside the vCPUs: those of a supplemental pool of a machine with cores of its own. */
export function ownIoThreads(vmi: VirtualMachineInstance): number {
  const { ioThreadsPolicy, ioThreads, cpu } = vmi.spec.domain;
  if (ioThreadsPolicy !== 'supplementalPool' || cpu?.dedicatedCpuPlacement !== true) return 0;
  return ioThreads?.supplementalPoolThreadCount ?? 0;
}

function usesVirtio({ disk }: Disk): boolean {
  return disk !== undefined && (disk.bus ?? 'virtio') === 'virtio';
}

function poolSize(vmi: VirtualMachineInstance, dedicated: number): number {
  const { ioThreadsPolicy, ioThreads } = vmi.spec.domain;
  switch (ioThreadsPolicy) {
    case 'auto':
      // KubeVirt's limit: two threads for each vCPU, dedicated ones included.
      return Math.max(1, topologyOf(vmi).vcpus * 2 - dedicated);
    case 'supplementalPool':
      return Math.max(1, ioThreads?.supplementalPoolThreadCount ?? 1);
    default:
      return 1;
  }
}

function threadId(index: number): string {
  return `iothread${index}`;
}
