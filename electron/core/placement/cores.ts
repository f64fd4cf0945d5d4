// Owns the ledger of whole cores: which are held, and which a machine that wants its own gets. No core twice.
// Must not choose the domain; placement has.
import { cpuListText } from '../../api/cpu-list.ts';
import type { Cause } from '../../api/errors.ts';
import type { FixAction } from '../../api/fix-actions.ts';
import type { PlacementDomain } from './domains.ts';
import type { Core } from './topology.ts';

/** Processors that a machine has for itself, by Linux' numbers. */
export interface OwnCpus {
  /** One for each vCPU, in order. */
  readonly vcpus: readonly number[];
  /** For QEMU's own threads; absent: they run beside the machines that share. */
  readonly emulator?: readonly number[];
  /** One for each I/O thread of a supplemental pool. */
  readonly ioThreads?: readonly number[];
  /** Threads of its cores that stay empty: a neighbour on one of them would be heard. */
  readonly spare?: readonly number[];
}

export interface CoresAsked {
  readonly vcpus: number;
  /** Threads of a core that the guest sees; 1 or 2. */
  readonly threads: number;
  /** I/O threads that want processors of their own. */
  readonly ioThreads: number;
  readonly isolateEmulator: boolean;
  /** Other machines share this node: they need somewhere to run. */
  readonly hasNeighbours: boolean;
}

export type CoresGiven = { readonly ok: true; readonly cpus: OwnCpus } | { readonly ok: false; readonly cause: Cause };

/** Everything that a machine holds. */
export function cpusOf({ vcpus, emulator = [], ioThreads = [], spare = [] }: OwnCpus): readonly number[] {
  return [...vcpus, ...emulator, ...ioThreads, ...spare];
}

/**
 * What machines without cores of their own may use of a domain: not what others have for themselves, nor what was isolated at boot, where the kernel
 * moves no thread and one would wait behind another beside idle processors. A domain of isolated ones alone has no others.
 */
export function sharedCpus({ cpus, isolatedCpus }: PlacementDomain, held: Iterable<readonly number[]>): readonly number[] {
  const gone = new Set([...held].flat());
  const isolated = new Set(isolatedCpus.length === cpus.length ? [] : isolatedCpus);
  return cpus.filter((cpu) => !gone.has(cpu) && !isolated.has(cpu));
}

/**
 * Whole cores, in order, so that neighbours share caches. A guest with two threads a core gets two threads of one core beside each other; one that
 * sees single threads gets the threads of its cores one after the other, and what is left over of its last core stays empty.
 */
export function giveCores(domain: PlacementDomain, held: ReadonlyMap<string, readonly number[]>, asked: CoresAsked): CoresGiven {
  const gone = new Set([...[...held.values()].flat(), ...domain.reservedCpus]);
  // A core is free when none of its threads is held: two machines on one core would hear each other.
  const free = domain.cores.filter((core) => core.every((cpu) => !gone.has(cpu)));
  const fitting = asked.threads > 1 ? free.filter((core) => core.length >= asked.threads) : free;
  const isIsolated = (core: Core): boolean => core.every((cpu) => domain.isolatedCpus.includes(cpu));
  const usable = [...fitting.filter(isIsolated), ...fitting.filter((core) => !isIsolated(core))];
  const vcpus = taken(usable, asked.vcpus);
  // From cores of their own: beside a vCPU on its core they would be heard.
  const ioThreads = taken(usable.slice(vcpus.cores), asked.ioThreads);
  const emulator = asked.isolateEmulator ? usable[vcpus.cores + ioThreads.cores] : [];
  const spare = [...vcpus.spare, ...ioThreads.spare];
  // Who shares, QEMU's own threads among them, must be left a processor; those of the computer itself will do.
  const isShared = asked.hasNeighbours || !asked.isolateEmulator;
  const given = [...vcpus.cpus, ...ioThreads.cpus, ...spare, ...(emulator ?? [])];
  const leavesNothing = isShared && sharedCpus(domain, [...held.values(), given]).length === 0;
  if (vcpus.cpus.length < asked.vcpus || ioThreads.cpus.length < asked.ioThreads || emulator === undefined || leavesNothing) {
    return { ok: false, cause: shortOf(domain, { held, asked, free: usable }) };
  }
  return {
    ok: true,
    cpus: {
      vcpus: vcpus.cpus,
      ...(ioThreads.cpus.length === 0 ? {} : { ioThreads: ioThreads.cpus }),
      ...(asked.isolateEmulator ? { emulator } : {}),
      ...(spare.length === 0 ? {} : { spare }),
    },
  };
}

interface Taken {
  readonly cpus: readonly number[];
  readonly spare: readonly number[];
  /** How many cores it took. */
  readonly cores: number;
}

function taken(cores: readonly (readonly number[])[], count: number): Taken {
  const cpus: number[] = [];
  const spare: number[] = [];
  let next = 0;
  while (cpus.length < count && next < cores.length) {
    const core = cores[next] ?? [];
    const used = core.slice(0, count - cpus.length);
    cpus.push(...used);
    spare.push(...core.slice(used.length));
    next += 1;
  }
  return { cpus, spare, cores: next };
}

interface Shortage {
  readonly held: ReadonlyMap<string, readonly number[]>;
  readonly asked: CoresAsked;
  readonly free: readonly (readonly number[])[];
}

function shortOf({ name, cpus, cores, reservedCpus }: PlacementDomain, { held, asked, free }: Shortage): Cause {
  const holders = [...held].filter(([, owned]) => owned.some((cpu) => cpus.includes(cpu))).map(([who]) => who);
  const wanted = `${asked.vcpus} ${asked.vcpus === 1 ? 'vCPU' : 'vCPUs'}${asked.ioThreads === 0 ? '' : `, ${asked.ioThreads} I/O ${asked.ioThreads === 1 ? 'thread' : 'threads'}`}${asked.isolateEmulator ? ' and a core for QEMU itself' : ''}`;
  const kept = reservedCpus.length === 0 ? 'none' : cpuListText(reservedCpus);
  const threads = free.reduce((sum, core) => sum + core.length, 0);
  return {
    reason: 'CoresShort',
    field: 'spec.domain.cpu.dedicatedCpuPlacement',
    // In one piece: the window finds its translation by the whole sentence.
    message: asked.hasNeighbours
      ? `Node ${name} has ${free.length} of ${cores.length} cores free for machines with cores of their own (${threads} threads; kept for this computer: ${kept}); ${wanted} are asked for, and a core must stay for the machines that share.`
      : `Node ${name} has ${free.length} of ${cores.length} cores free for machines with cores of their own (${threads} threads; kept for this computer: ${kept}); ${wanted} are asked for.`,
    fix:
      holders.length === 0
        ? 'Ask for fewer vCPUs, or do without cores of its own.'
        : `Stop ${holders.join(' or ')}, which ${holders.length === 1 ? 'holds' : 'hold'} cores here, or ask for fewer vCPUs.`,
    actions: holders.flatMap((holder): readonly FixAction[] => {
      const [namespace, who] = holder.split('/');
      return namespace === undefined || who === undefined ? [] : [{ type: 'StopMachine', namespace, name: who }];
    }),
  };
}
