// Owns what the processes of one machine may take together: memory, processor time, tasks, and their place in the kernel's order of killing.
// Must not know what can be enforced here; enforcement.ts judges that.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { bytesOf, milliOf } from '../../api/quantity.ts';
import { guestMemory } from '../qemu/devices/memory.ts';
import { overheadMiB } from '../placement/overhead.ts';
import { topologyOf } from '../qemu/topology.ts';
import { isGuaranteed } from './guaranteed.ts';
import { oomScoreAdj } from './oom-order.ts';

export interface LimitPlan {
  /** What it is ended at. Absent: nobody set a limit. */
  readonly memoryMaxBytes?: number;
  /** What it is braked at, where the kernel can. */
  readonly memoryHighBytes?: number;
  /** No swap: what it was promised is memory. Absent: as much as there is. */
  readonly swapMaxBytes?: 0;
  /** Thousandths of a processor. Absent: as much as is free. */
  readonly cpuMilli?: number;
  /** cgroup v2, 1 to 10000; 100 is what every program has that asks for nothing. */
  readonly cpuWeight: number;
  /** cgroup v1, from 2; 1024 is what every program has. */
  readonly cpuShares: number;
  readonly tasksMax: number;
  /** 0 to 1000: the higher, the sooner it is ended when the computer runs out of memory. */
  readonly oomScoreAdj: number;
}

const mebibyte = 1024 * 1024;
const defaultWeight = 100;
const maxWeight = 10_000;
const defaultShares = 1024;
const maxShares = 262_144;
/** QEMU's pool has up to 64 workers for each kind of work; a sandboxed QEMU that makes hundreds of threads is not QEMU any more. */
const spareTasks = 512;
const tasksPerVcpu = 4;

export function limitPlan(vmi: VirtualMachineInstance, accelerator: 'kvm' | 'tcg'): LimitPlan {
  const { cpu, resources } = vmi.spec.domain;
  const { vcpus } = topologyOf(vmi);
  return {
    ...memoryLimits(vmi, accelerator),
    ...cpuLimit(vmi),
    ...weightOf(cpu?.dedicatedCpuPlacement === true ? undefined : milliOf(resources?.requests?.['cpu'])),
    tasksMax: spareTasks + vcpus * tasksPerVcpu,
    oomScoreAdj: oomScoreAdj(vmi),
  };
}

function memoryLimits(
  vmi: VirtualMachineInstance,
  accelerator: 'kvm' | 'tcg',
): Pick<LimitPlan, 'memoryMaxBytes' | 'memoryHighBytes' | 'swapMaxBytes'> {
  const { memory, resources } = vmi.spec.domain;
  const limit = bytesOf(resources?.limits?.['memory']) ?? 0;
  if (limit <= 0) return {};
  const overhead = overheadMiB(vmi, accelerator) * mebibyte;
  // The guest lives in the pool of huge pages, which no memory limit counts: of the limit only what is above the guest is left.
  const guest = memory?.hugepages === undefined ? 0 : (guestMemory(vmi)?.mib ?? 0) * mebibyte;
  const memoryMaxBytes = Math.max(0, limit - guest) + overhead;
  return {
    memoryMaxBytes,
    // Within the overhead: a guest that uses all it was given must not be braked for it.
    memoryHighBytes: memoryMaxBytes - Math.floor(overhead / 4 / mebibyte) * mebibyte,
    ...(isGuaranteed(vmi) ? { swapMaxBytes: 0 } : {}),
  };
}

/** Cores of its own are bounded by being its own; a quota on top would only make them stutter. */
function cpuLimit({ spec: { domain } }: VirtualMachineInstance): Pick<LimitPlan, 'cpuMilli'> {
  const milli = milliOf(domain.resources?.limits?.['cpu']) ?? 0;
  return milli <= 0 || domain.cpu?.dedicatedCpuPlacement === true ? {} : { cpuMilli: milli };
}

/** A requested processor weighs as much as one program that asks for nothing; who requests nothing is such a program. */
function weightOf(requestMilli: number | undefined): Pick<LimitPlan, 'cpuWeight' | 'cpuShares'> {
  if (requestMilli === undefined || requestMilli <= 0) return { cpuWeight: defaultWeight, cpuShares: defaultShares };
  return {
    cpuWeight: Math.min(maxWeight, Math.max(1, Math.round((requestMilli * defaultWeight) / 1000))),
    cpuShares: Math.min(maxShares, Math.max(2, Math.round((requestMilli * defaultShares) / 1000))),
  };
}
