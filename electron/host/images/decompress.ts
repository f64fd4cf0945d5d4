// Owns unpacking .xz, .gz and .zst into a sparse file, up to a limit: a few kilobytes can unpack to petabytes.
// Must not look at what comes out.
import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { AppError } from '../../api/errors.ts';
import { writeSparse } from '../disks/sparse-copy.ts';
import { cleanEnvironment, findProgram } from '../exec.ts';
import type { Compression } from './format.ts';
import { sizeText } from './size-text.ts';

export interface Unpacking {
  readonly from: string;
  readonly compression: Compression;
  /** Must not exist. */
  readonly to: string;
  readonly limitBytes: number;
  /** Packed bytes read so far. */
  readonly onBytes: (doneBytes: number) => void;
  readonly signal?: AbortSignal;
}

/** Throws ImageRefused for broken or endless content, ToolFailed without xz. Leaves removing `to` to the caller. */
export async function unpack(job: Unpacking): Promise<void> {
  const packed = createReadStream(job.from, { highWaterMark: 256 * 1024 });
  const { output, close } = await unpacker(job.compression, packed);
  const file = await open(job.to, 'wx', 0o600);
  try {
    let position = 0;
    for await (const chunk of output) {
      job.signal?.throwIfAborted();
      const bytes: Buffer = chunk;
      if (position + bytes.length > job.limitBytes) throw tooMuch(job.limitBytes);
      await writeSparse(file, bytes, position);
      position += bytes.length;
      job.onBytes(packed.bytesRead);
    }
    // The end may have been a hole.
    await file.truncate(position);
  } catch (error) {
    throw isBroken(error) ? broken(job.compression, error) : error;
  } finally {
    packed.destroy();
    close();
    await file.close();
  }
}

interface Unpacker {
  readonly output: Readable;
  readonly close: () => void;
}

async function unpacker(compression: Compression, packed: Readable): Promise<Unpacker> {
  if (compression === 'xz') return await xzUnpacker(packed);
  const output = compression === 'gz' ? createGunzip() : createZstdDecompress();
  packed.once('error', (error) => output.destroy(error));
  packed.pipe(output);
  return { output, close: () => output.destroy() };
}

/** Node has no xz. The memory limit is what `xz -9` needs, eight times over. */
async function xzUnpacker(packed: Readable): Promise<Unpacker> {
  const program = await findProgram('xz');
  if (program === undefined)
    throw new AppError('ToolFailed', 'The program xz is not installed. Install the package xz-utils, or unpack the image by hand.');
  const child = spawn(program, ['--decompress', '--stdout', '--memlimit-decompress=512MiB'], {
    env: cleanEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-500)));
  // EPIPE: xz has given up; its exit code says so.
  child.stdin.on('error', () => undefined);
  packed.once('error', (error) => child.stdout.destroy(error));
  packed.pipe(child.stdin);
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(Object.assign(new Error(words.trim()), { code: 'XZ_BROKEN' }))));
  });
  // Awaited after the last byte; without this a failure before that would count as unhandled.
  ended.catch(() => undefined);
  const output = Readable.from(
    (async function* () {
      yield* child.stdout;
      await ended;
    })(),
  );
  return { output, close: () => child.kill('SIGKILL') };
}

function isBroken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(Z_|ZSTD_|ERR_ZLIB|XZ_BROKEN|ERR_ZSTD)/.test(String(error.code));
}

function broken(compression: Compression, cause: unknown): AppError {
  const message = `The .${compression} file is damaged or cut off.`;
  return new AppError('ImageRefused', message, {
    causes: [{ reason: 'Damaged', field: 'spec.source', message, fix: 'Download or copy it again.' }],
    cause,
  });
}

function tooMuch(limitBytes: number): AppError {
  const message = `The file unpacks to more than the disk holds (${sizeText(limitBytes)}).`;
  return new AppError('ImageRefused', message, {
    causes: [
      {
        reason: 'TooLarge',
        field: 'spec.storage.resources.requests.storage',
        message,
        fix: 'Ask for a larger disk, if you trust the file.',
      },
    ],
  });
}
