// Owns filling one disk from its source: which steps each source takes, and that failing leaves nothing.
// Must not decide when disks are filled; the engine does.
import { open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../api/errors.ts';
import type { DiskSource, DiskTarget, FillOptions, ImagePort } from '../../engine/ports.ts';
import { buildDebianDisk } from '../images/debian-build.ts';
import type { DebianCache } from '../images/debian-cache.ts';
import { fileDigest, parseChecksum, type Checksum } from '../images/checksum.ts';
import { download, forgetDownload, type DownloadTiming } from '../images/download.ts';
import { fetchFailed } from '../images/http-get.ts';
import { qemuImgCreate } from '../images/qemu-img.ts';
import { diskFull, freeBytes } from './disk-full.ts';
import type { DownloadCache } from './download-cache.ts';
import { draftBeside } from './draft.ts';
import { fileTooLarge, importFile, importVolume, largestFileFor } from './import-file.ts';
import type { Meter } from './meter.ts';
import { writeSparse } from './sparse-copy.ts';
import { inspectVolume } from './volume.ts';

export interface FillJob<From extends DiskSource = DiskSource> {
  readonly target: DiskTarget;
  readonly source: From;
  /** Where the disk is made. Does not exist yet; becomes the disk when the returned promise resolves. */
  readonly draft: string;
  readonly meter: Meter;
  readonly signal: AbortSignal;
  readonly bytes: FillOptions['bytes'];
  readonly downloads: DownloadCache;
  readonly debian: DebianCache;
  readonly images: ImagePort;
  /** What a container image's name meant. */
  readonly onDigest: (digest: string) => void;
  readonly timing?: DownloadTiming;
}

type SourceOf<Type extends DiskSource['type']> = Extract<DiskSource, { type: Type }>;

/** Throws ImageRefused, ImageFetchFailed, DiskFull, ToolFailed, Conflict, or what the file system says. */
export async function fillDraft(job: FillJob): Promise<void> {
  const { source } = job;
  switch (source.type) {
    case 'blank':
      return await fillBlank(job);
    case 'http':
      return await fillFromHttp({ ...job, source });
    case 'file':
      return await importFile({ ...job, from: source.path, isOurs: false });
    case 'registry':
      return await fillFromRegistry({ ...job, source });
    case 'clone':
      return await fillFromClone({ ...job, source });
    case 'upload':
      return await fillFromUpload(job);
    case 'mmdebstrap':
      return await buildDebianDisk({ ...job, source });
  }
}

async function fillBlank({ draft, target }: FillJob): Promise<void> {
  if (target.format === 'qcow2') return await qemuImgCreate(draft, 'qcow2', target.sizeBytes);
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.truncate(target.sizeBytes);
  } finally {
    await file.close();
  }
}

async function fillFromHttp(job: FillJob<SourceOf<'http'>>): Promise<void> {
  const checksum = job.source.checksum === undefined ? undefined : parseChecksum(job.source.checksum);
  const file = job.downloads.fileFor(job.source.url, job.source.checksum);
  job.meter.begin('wait');
  await job.downloads.exclusive(file, job.signal, async () => {
    await fetchWhole(job, file, checksum);
    // Only what a checksum vouches for is kept for the next machine.
    const keep = checksum !== undefined;
    await importFile({ ...job, from: file, isOurs: !keep });
    if (keep) await job.downloads.touch(file);
    else await forgetDownload(file);
  });
}

/** The file is there, complete by size and right by checksum, when this returns. */
async function fetchWhole(job: FillJob<SourceOf<'http'>>, file: string, checksum: Checksum | undefined): Promise<void> {
  const { source, meter, signal, downloads } = job;
  if (checksum !== undefined && (await hasDigest(job, file, checksum))) return;
  meter.begin('download');
  await download({
    url: source.url,
    file,
    hasChecksum: checksum !== undefined,
    ...(source.authorities === undefined ? {} : { authorities: source.authorities }),
    checkSize: (position) => {
      if (position > largestFileFor(job.target)) throw fileTooLarge(job.target);
    },
    makeRoom: async (bytes) => await makeRoom(downloads, file, bytes),
    onBytes: meter.bytes,
    signal,
    ...(job.timing === undefined ? {} : { timing: job.timing }),
  });
  if (checksum === undefined || (await hasDigest(job, file, checksum))) return;
  await forgetDownload(file);
  throw fetchFailed(
    `What came from ${new URL(source.url).host} does not have the ${checksum.algorithm} checksum ${checksum.value}: it is another file, or it was changed on the way.`,
    'Compare the checksum with the one that the project publishes. The download has been thrown away.',
  );
}

async function hasDigest({ meter, signal }: FillJob, file: string, checksum: Checksum): Promise<boolean> {
  const size = (await stat(file).catch(() => undefined))?.size;
  if (size === undefined) return false;
  meter.begin('verify', size);
  return (await fileDigest(file, checksum.algorithm, { onBytes: meter.bytes, signal })) === checksum.value;
}

async function makeRoom(downloads: DownloadCache, file: string, bytes: number): Promise<void> {
  const folder = path.dirname(file);
  if (bytes <= (await freeBytes(folder))) return;
  await downloads.removeUnused();
  if (bytes > (await freeBytes(folder))) throw await diskFull(folder, bytes);
}

/** Through the cache of container disks: what one machine has pulled, the next one copies. */
async function fillFromRegistry(job: FillJob<SourceOf<'registry'>>): Promise<void> {
  const { type: _type, ...pull } = job.source;
  const pulling = job.images.pull(pull, job.meter.pass);
  const onAbort = (): void => pulling.cancel();
  job.signal.addEventListener('abort', onAbort, { once: true });
  try {
    const image = await pulling.done;
    job.onDigest(image.digest);
    await importFile({ ...job, from: image.path, isOurs: false });
  } finally {
    job.signal.removeEventListener('abort', onAbort);
  }
}

async function fillFromClone(job: FillJob<SourceOf<'clone'>>): Promise<void> {
  const volume = await inspectVolume(job.source.path, { writable: false });
  if (volume.state !== 'ready') throw new AppError(volume.state === 'missing' ? 'NotFound' : 'ImageRefused', volume.message);
  if (volume.lockedBy !== undefined) {
    const message = `${volume.path} is in use by ${volume.lockedBy}: a copy made now would be torn.`;
    const fix = 'Shut down the machine that uses it, then try again.';
    throw new AppError('Conflict', message, { causes: [{ reason: 'InUse', field: 'spec.source.pvc', message, fix }] });
  }
  await importVolume({ ...job, from: volume.path, isOurs: false }, volume);
}

async function fillFromUpload(job: FillJob): Promise<void> {
  const { bytes, meter, draft } = job;
  if (bytes === undefined) throw new AppError('BadRequest', 'An upload has no bytes.');
  const uploaded = draftBeside(draft);
  try {
    meter.begin('upload');
    await receive(uploaded, bytes, job);
    await importFile({ ...job, from: uploaded, isOurs: true });
  } finally {
    await rm(uploaded, { force: true });
  }
}

async function receive(to: string, bytes: AsyncIterable<Uint8Array>, { meter, signal, target }: FillJob): Promise<void> {
  const file = await open(to, 'wx', 0o600);
  try {
    let position = 0;
    for await (const chunk of abortable(bytes, signal)) {
      if (position + chunk.byteLength > largestFileFor(target)) throw fileTooLarge(target);
      await writeSparse(file, Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength), position);
      position += chunk.byteLength;
      meter.bytes(position);
    }
    // The end may have been a hole.
    await file.truncate(position);
  } finally {
    await file.close();
  }
}

/** A sender that says nothing must not keep a cancelled upload alive. */
async function* abortable<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => undefined);
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Not awaited: it waits for the pending next, which may never come.
    void iterator.return?.().catch(() => undefined);
  }
}
