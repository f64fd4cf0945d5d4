// Owns what the kernel says of a QEMU's threads: where each may run, how it is scheduled, how long it ran and waited; and where its memory is.
// Must not judge it.
import { readdirSync, readFileSync } from 'node:fs';

const text = (file: string): string => readFileSync(file, 'utf8').trim();

export interface QemuThread {
  readonly id: string;
  /** QEMU's: `CPU 0/TCG`, `IO iothread0`. */
  readonly name: string;
  /** As the kernel writes it. */
  readonly cpus: string;
  /** SCHED_OTHER is 0, SCHED_FIFO is 1. */
  readonly policy: number;
}

/** Process of the machine; NaN when none runs. */
export function qemuOf(name: string): number {
  const found = readdirSync('/proc').find((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return text(`/proc/${pid}/cmdline`).includes(`guest=default/${name},`);
    } catch {
      return false; // It ended while we looked.
    }
  });
  return Number(found);
}

export function argumentsOf(pid: number): readonly string[] {
  return text(`/proc/${pid}/cmdline`).split('\0');
}

/** In order of their names. */
export function threadsOf(pid: number): readonly QemuThread[] {
  const threads = readdirSync(`/proc/${pid}/task`).flatMap((id) => threadOf(`/proc/${pid}/task/${id}`, id));
  return threads.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function threadOf(folder: string, id: string): readonly QemuThread[] {
  try {
    const stat = text(`${folder}/stat`);
    const thread = {
      id,
      name: text(`${folder}/comm`),
      cpus: /Cpus_allowed_list:\s*(\S+)/.exec(text(`${folder}/status`))?.[1] ?? '',
      // Field 41; field 3 comes behind the name, which may hold anything.
      policy: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38]),
    };
    return [thread];
  } catch {
    return []; // It ended while we looked, as those for the disk's work do.
  }
}

export function isVcpu({ name }: QemuThread): boolean {
  return /^CPU \d+\//.test(name);
}

/** Processors that each thread may use, by what the thread is: vCPUs by number, the rest together. */
export function placesOf(pid: number): { readonly vcpus: readonly string[]; readonly others: readonly string[] } {
  const threads = threadsOf(pid);
  return {
    vcpus: threads.filter(isVcpu).map(({ cpus }) => cpus),
    others: [...new Set(threads.filter((thread) => !isVcpu(thread)).map(({ cpus }) => cpus))],
  };
}

export interface ThreadTime {
  readonly ranNs: number;
  /** It could have run, and somebody else did. */
  readonly waitedNs: number;
}

/** Since the thread began. */
export function timeOf(pid: number, { id }: Pick<QemuThread, 'id'>): ThreadTime {
  const [ranNs = 0, waitedNs = 0] = text(`/proc/${pid}/task/${id}/schedstat`).split(' ').map(Number);
  return { ranNs, waitedNs };
}

/** The mappings of the guest's huge pages: policy, and pages by memory node. */
export function hugeMappings(pid: number): readonly string[] {
  const rows = text(`/proc/${pid}/numa_maps`).split('\n');
  return rows
    .filter((row) => / huge /.test(row))
    .map((row) =>
      row
        .split(' ')
        .filter((field) => /^(bind:|N\d+=)/.test(field))
        .join(' '),
    );
}
