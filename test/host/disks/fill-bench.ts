// Owns a pool of disks in a temporary folder, and what tests ask of it.
// Must not stub anything: real files, real qemu-img.
import { execFileSync } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../../electron/api/errors.ts';
import type { DiskPort, DiskSource, FillOptions, Progress } from '../../../electron/engine/ports.ts';
import { createDisks } from '../../../electron/host/disks/disks.ts';
import { createImageCache } from '../../../electron/host/images/registry/image-cache.ts';
import { recordingLog } from '../../fakes/recording-log.ts';
import { tempDir } from '../temp-dir.ts';

export const mib = 2 ** 20;

export interface FillRequest {
  readonly source: DiskSource;
  readonly format?: 'qcow2' | 'raw';
  readonly sizeBytes?: number;
  readonly name?: string;
  readonly bytes?: FillOptions['bytes'];
  readonly onProgress?: (progress: Progress) => void;
}

export interface FillBench {
  readonly dataDir: string;
  readonly disks: DiskPort;
  /** The claim's file when it was filled, else the error; never both. */
  make(request: FillRequest): Promise<{ readonly file: string } | { readonly error: AppError }>;
  start(request: FillRequest): { readonly file: string; readonly fill: ReturnType<DiskPort['fill']> };
  /** Every file below the data folder, hidden ones too. */
  files(): string[];
}

/** Quick to give up: pauses of a few milliseconds. */
export const quickTiming = { silenceMs: 1000, pauseMs: 2, fruitlessTries: 3 };

export async function fillBench(dataDir: string = tempDir(), timing = quickTiming): Promise<FillBench> {
  const disks = await createDisks({ dataDir, images: await createImageCache(dataDir), log: recordingLog(), timing });
  const start: FillBench['start'] = ({
    source,
    format = 'raw',
    sizeBytes = 4 * mib,
    name = 'disk',
    bytes,
    onProgress = () => undefined,
  }) => {
    const file = disks.claimPath('default', name, format);
    const options = bytes === undefined ? { onProgress } : { onProgress, bytes };
    // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- disks are filled here, no array
    return { file, fill: disks.fill({ path: file, format, sizeBytes }, source, options) };
  };
  return {
    dataDir,
    disks,
    start,
    async make(request) {
      const { file, fill } = start(request);
      try {
        await fill.done;
        return { file };
      } catch (error) {
        if (error instanceof AppError) return { error };
        throw error;
      }
    },
    files: () =>
      readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
        .filter((name) => statSync(path.join(dataDir, name)).isFile())
        .toSorted(),
  };
}

/** Bytes that nothing can pack, different at every place, equal at every call: a cipher's key stream. */
export function noise(bytes: number, seed = 1): Buffer {
  return createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16)).update(Buffer.alloc(bytes));
}

/** What a guest would read from the disk. */
export function contentOf(file: string, format: 'qcow2' | 'raw'): Buffer {
  if (format === 'raw') return readFileSync(file);
  const raw = path.join(tempDir(), 'content.raw');
  execFileSync('qemu-img', ['convert', '-f', 'qcow2', '-O', 'raw', file, raw]);
  return readFileSync(raw);
}
