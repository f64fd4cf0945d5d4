// Owns reading and writing the files of control groups.
// Must not know what the values mean.
import { access, constants, mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { errnoOf } from '../errno.ts';
import { readIfThere } from '../proc.ts';
import type { LimitFailure } from './limit-driver.ts';

export interface ControlValue {
  readonly kind: LimitFailure['kind'];
  readonly file: string;
  readonly value: string;
}

/** One after the other: the order matters where one value may not be above another. */
export async function writeValues(values: readonly ControlValue[]): Promise<readonly LimitFailure[]> {
  const failures: LimitFailure[] = [];
  for (const { kind, file, value } of values) {
    try {
      await writeFile(file, value);
    } catch (error) {
      failures.push({ kind, message: `${value} could not be written to ${file}: ${errnoOf(error) ?? String(error)}.` });
    }
  }
  return failures;
}

export async function isWritable(file: string): Promise<boolean> {
  return await access(file, constants.W_OK).then(
    () => true,
    () => false,
  );
}

export async function makeGroup(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
}

/** Processes that have just been killed are still in it for a moment. */
const removalTries = 40;
const removalPauseMs = 25;

export async function removeGroup(folder: string): Promise<void> {
  for (let left = removalTries; ; left -= 1) {
    try {
      await rmdir(folder);
      return;
    } catch (error) {
      const code = errnoOf(error);
      if (code === 'ENOENT') return;
      if (code !== 'EBUSY' || left === 0) throw error;
    }
    await delay(removalPauseMs);
  }
}

export async function pidsIn(folder: string): Promise<readonly number[]> {
  return ((await readIfThere(`${folder}/cgroup.procs`)) ?? '').split('\n').filter(Boolean).map(Number);
}

/** Undefined for `max`, for a file that is not there, and for what version 1 says when there is no limit. */
export async function bytesIn(file: string): Promise<number | undefined> {
  const text = ((await readIfThere(file)) ?? '').trim();
  const value = /^\d+$/.test(text) ? Number(text) : undefined;
  return value === undefined || value >= unlimitedBytes ? undefined : value;
}

/** LONG_MAX rounded down to pages, as a double. */
const unlimitedBytes = 2 ** 62;

/** A row of `name number` lines. */
export async function rowIn(file: string, name: string): Promise<number | undefined> {
  const value = new RegExp(String.raw`^${name} (\d+)$`, 'm').exec((await readIfThere(file)) ?? '')?.[1];
  return value === undefined ? undefined : Number(value);
}

/** Where a hierarchy is mounted: of version 1 by controller, of version 2 by its type. */
export async function cgroupMounts(mountsFile = '/proc/self/mounts'): Promise<ReadonlyMap<string, string>> {
  const mounts = new Map<string, string>();
  for (const line of (await readFile(mountsFile, 'utf8')).split('\n')) {
    const [, place = '', type = '', options = ''] = line.split(' ');
    if (type === 'cgroup2') mounts.set('unified', place);
    if (type === 'cgroup') for (const option of options.split(',')) mounts.set(option, place);
  }
  return mounts;
}
