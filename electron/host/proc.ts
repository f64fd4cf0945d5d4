// Owns reading /proc: whether a process is still the one we mean, and what it used.
// Must not signal anything.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { errnoOf } from './errno.ts';

/** A process for certain: pids are used again, a pid with its start time within one boot is not. */
export interface ProcessId {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: clock ticks after boot. */
  readonly startTicks: number;
}

export interface ProcessStat extends ProcessId {
  /** `R`, `S`, `D`, `Z` … of proc(5). */
  readonly state: string;
  readonly cpuTicks: number;
}

/** USER_HZ; the kernel shows times in these units on every architecture that we run on. */
export const ticksPerSecond = 100;

/** Undefined when there is no such process. */
export async function processStat(pid: number): Promise<ProcessStat | undefined> {
  const text = await readIfThere(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  return parseStat(pid, text);
}

function parseStat(pid: number, text: string): ProcessStat {
  // The second field is the name in brackets and may hold spaces and brackets: count from the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): string => fields[number - 3] ?? '';
  return { pid, state: field(3), cpuTicks: Number(field(14)) + Number(field(15)), startTicks: Number(field(22)) };
}

/** A zombie has ended: only its parent has not asked yet. */
function sameAndAlive(stat: ProcessStat | undefined, wanted: ProcessId): boolean {
  return stat !== undefined && stat.startTicks === wanted.startTicks && stat.state !== 'Z' && stat.state !== 'X';
}

export async function isRunning(wanted: ProcessId): Promise<boolean> {
  return sameAndAlive(await processStat(wanted.pid), wanted);
}

/** New at every boot of the kernel. */
export async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}

/** Text of a file of /proc or /sys; undefined when it, or the process that it is about, is gone or not ours to read. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    // ESRCH: the process ended between open and read.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}

/** As isRunning, in one go: between the look and a signal no pid can change hands. */
export function isRunningNow(wanted: ProcessId): boolean {
  try {
    const stat = parseStat(wanted.pid, readFileSync(`/proc/${wanted.pid}/stat`, 'utf8'));
    return sameAndAlive(stat, wanted);
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(errnoOf(error) ?? '')) return false;
    throw error;
  }
}
