// Owns reading what the kernel says of memory: of the whole computer, of one process, and what is reserved at boot.
// Must not change anything; the privileged program does.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { type MemoryPressure, pressureIn } from '../../api/memory-pressure.ts';
import type { KeptPages, MemoryFacts, MergingFact, ProcessMemory } from '../../core/memory/memory-facts.ts';
import type { MemoryPort } from '../../engine/ports.ts';
import { readOomScore } from '../limits/oom-score.ts';
import { readIfThere } from '../proc.ts';
import { errnoOf } from '../errno.ts';

const pageMiB = 4096 / (1024 * 1024);
/** The privileged program's: see native/helper/memory.c. */
const keptFolder = 'etc/tmpfiles.d';
const keptName = /^virtdeck-hugepages-(?:node(\d+)-)?(\d+)kB\.conf$/;

/** `root`: where /proc, /sys and /etc are looked for. */
export function createMemory(root = '/'): MemoryPort {
  return {
    facts: async () => await readFacts(root),
    process: async (pid) => await readProcess(root, pid),
    keptPages: async () => await readKept(root),
  };
}

async function readFacts(root: string): Promise<MemoryFacts> {
  const [meminfo, vmstat, pressure, merging] = await Promise.all([
    readIfThere(path.join(root, 'proc/meminfo')),
    readIfThere(path.join(root, 'proc/vmstat')),
    readPressure(path.join(root, 'proc/pressure/memory')),
    readMerging(path.join(root, 'sys/kernel/mm/ksm')),
  ]);
  const mib = (key: string): number => kibibytes(meminfo ?? '', key) / 1024;
  return {
    totalMiB: Math.floor(mib('MemTotal')),
    availableMiB: Math.floor(mib('MemAvailable')),
    swapTotalMiB: Math.floor(mib('SwapTotal')),
    swapFreeMiB: Math.floor(mib('SwapFree')),
    swappedInMiB: Math.floor(Number(/^pswpin (\d+)$/m.exec(vmstat ?? '')?.[1] ?? 0) * pageMiB),
    ...(pressure === undefined ? {} : { pressure }),
    merging,
  };
}

/** The kernel may have the file and refuse to be read (psi=0 on the command line): EOPNOTSUPP. */
async function readPressure(file: string): Promise<MemoryPressure | undefined> {
  try {
    return pressureIn((await readIfThere(file)) ?? '');
  } catch (error) {
    if (errnoOf(error) === 'EOPNOTSUPP' || errnoOf(error) === 'ENOTSUP') return undefined;
    throw error;
  }
}

async function readMerging(folder: string): Promise<MergingFact> {
  const [run, shared, sharing] = await Promise.all(
    ['run', 'pages_shared', 'pages_sharing'].map((file) => readIfThere(path.join(folder, file))),
  );
  if (run === undefined) return { state: 'missing', sharedMiB: 0, savedMiB: 0 };
  return {
    state: run.trim() === '1' ? 'on' : 'off',
    sharedMiB: Math.round(Number(shared ?? 0) * pageMiB),
    savedMiB: Math.round(Number(sharing ?? 0) * pageMiB),
  };
}

async function readProcess(root: string, pid: number): Promise<ProcessMemory | undefined> {
  const [status, score] = await Promise.all([readIfThere(path.join(root, `proc/${pid}/status`)), readOomScore(pid)]);
  if (status === undefined || score === undefined) return undefined;
  return {
    residentMiB: Math.round(kibibytes(status, 'VmRSS') / 1024),
    swappedMiB: Math.round(kibibytes(status, 'VmSwap') / 1024),
    oomScore: score.score,
    oomScoreAdj: score.adj,
  };
}

async function readKept(root: string): Promise<readonly KeptPages[]> {
  const folder = path.join(root, keptFolder);
  const names = await readdir(folder).catch((): readonly string[] => []);
  const found = await Promise.all(
    names.map(async (name): Promise<readonly KeptPages[]> => {
      const [, node, sizeKiB] = keptName.exec(name) ?? [];
      if (sizeKiB === undefined) return [];
      const count = /^w \S+ - - - - (\d+)$/m.exec((await readIfThere(path.join(folder, name))) ?? '')?.[1];
      if (count === undefined) return [];
      return [{ ...(node === undefined ? {} : { numaNode: Number(node) }), sizeKiB: Number(sizeKiB), count: Number(count) }];
    }),
  );
  return found.flat();
}

function kibibytes(text: string, key: string): number {
  return Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
}
