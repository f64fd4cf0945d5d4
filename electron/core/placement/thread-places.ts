// Owns on which processors each thread of a machine belongs: vCPUs, I/O threads, and QEMU's own.
// Must not hand out processors; the ledger of cores has.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { parseCpuList } from '../../api/cpu-list.ts';
import { ioThreadIds } from '../qemu/io-threads.ts';
import { topologyOf } from '../qemu/topology.ts';
import type { OwnCpus } from './cores.ts';

/** Linux' numbers of processors. */
export interface ThreadPlaces {
  /** Of every thread that is named nowhere else; absent: they stay where they are. */
  readonly cpus?: readonly number[];
  /** One for each vCPU, in order; absent: vCPUs are threads like the others. */
  readonly vcpus?: readonly number[];
  /** By QEMU's name of the thread; absent: threads like the others. */
  readonly ioThreads?: Readonly<Record<string, readonly number[]>>;
  /** Numbers of the vCPUs that go before everything else of this computer (SCHED_FIFO). */
  readonly realtime?: readonly number[];
}

export interface ProcessorsGiven {
  /** Absent: it shares. */
  readonly own?: OwnCpus;
  /** What is left for those who share; absent: wherever this computer likes. */
  readonly shared?: readonly number[];
}

export function threadPlaces(vmi: VirtualMachineInstance, { own, shared }: ProcessorsGiven): ThreadPlaces {
  if (own === undefined) return shared === undefined ? {} : { cpus: shared };
  const cpus = own.emulator ?? shared;
  const ioThreads = ioThreadPlaces(ioThreadIds(vmi), own);
  const realtime = realtimeVcpus(vmi);
  return {
    vcpus: own.vcpus,
    ...(cpus === undefined ? {} : { cpus }),
    ...(Object.keys(ioThreads).length === 0 ? {} : { ioThreads }),
    ...(realtime.length === 0 ? {} : { realtime }),
  };
}

/**
 * KubeVirt's rule (converter/vcpu): a pool of its own has processors of its own; else beside QEMU's isolated threads; else on the vCPUs'
 * processors, shared out evenly, so that no neighbour is heard in a disk either.
 */
function ioThreadPlaces(ids: readonly string[], own: OwnCpus): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(ids.map((id, index) => [id, ioThreadPlace(index, ids.length, own)]));
}

function ioThreadPlace(index: number, count: number, { ioThreads, emulator, vcpus }: OwnCpus): readonly number[] {
  const pooled = ioThreads?.[index];
  if (pooled !== undefined) return [pooled];
  if (emulator !== undefined) return emulator;
  if (count >= vcpus.length) return vcpus.slice(index % vcpus.length, (index % vcpus.length) + 1);
  // The first ones take one more each when it does not come out even.
  const [each, over] = [Math.floor(vcpus.length / count), vcpus.length % count];
  const start = index * each + Math.min(index, over);
  return vcpus.slice(start, start + each + (index < over ? 1 : 0));
}

/** `realtime.mask`: `0-3,^1` is 0, 2 and 3; without a mask all of them. */
export function realtimeVcpus(vmi: VirtualMachineInstance): readonly number[] {
  const { realtime } = vmi.spec.domain.cpu ?? {};
  if (realtime === undefined) return [];
  const { vcpus } = topologyOf(vmi);
  const all = Array.from({ length: vcpus }, (_, index) => index);
  if (realtime.mask === undefined || realtime.mask === '') return all;
  return (realtimeMask(realtime.mask) ?? []).filter((vcpu) => vcpu < vcpus);
}

/** Undefined when it is no mask. */
export function realtimeMask(mask: string): readonly number[] | undefined {
  const parts = mask.split(',').map((part) => part.trim());
  const excluded = parts.filter((part) => part.startsWith('^')).map((part) => parseCpuList(part.slice(1)));
  const included = parts.filter((part) => !part.startsWith('^')).map(parseCpuList);
  if ([...excluded, ...included].some((list) => list === undefined || list.length === 0)) return undefined;
  const not = new Set(excluded.flatMap((list) => list ?? []));
  return [...new Set(included.flatMap((list) => list ?? []))].filter((vcpu) => !not.has(vcpu)).toSorted((a, b) => a - b);
}
