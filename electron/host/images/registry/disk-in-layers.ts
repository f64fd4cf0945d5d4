// Owns finding the one disk in an image's layers and writing it out: KubeVirt's `disk/` folder rule, whiteouts, and bounds.
// Must not trust anything that a layer says: names, links, sizes and how far it unpacks are a stranger's.
import { createReadStream } from 'node:fs';
import { open, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Transform, type Duplex } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { ExtractEvents } from 'tar-stream';
import { AppError } from '../../../api/errors.ts';
import { diskFull, freeBytes, isDiskFull } from '../../disks/disk-full.ts';
import { writeSparse } from '../../disks/sparse-copy.ts';
import { errnoOf } from '../../errno.ts';
import { refusedImage } from './skopeo.ts';

export interface DiskSearch {
  readonly image: string;
  /** Files of the layers, the lowest first. */
  readonly layers: readonly string[];
  /** `disk/fedora.qcow2`: that file; undefined: the only one in `disk/`. */
  readonly wanted: string | undefined;
  /** A folder of ours; what is found is a file in it. */
  readonly folder: string;
  readonly onBytes: (doneBytes: number) => void;
  readonly signal: AbortSignal;
}

type Entry = ExtractEvents['entry'][1];

/** KubeVirt's: where a container disk lies in its image. */
const diskFolder = 'disk';
/** More in the folder is refused anyway. */
const maxCandidates = 16;
/**
 * gzip reaches 1032 to 1. zstd goes further, but a disk that holds anything does not. Beside it room for what is small.
 */
const maxRatio = 1100;
const slackBytes = 64 * 1024 * 1024;
/** Left to the guests that run: a full file system pauses them. */
const reserveBytes = 512 * 1024 * 1024;
const spaceCheckBytes = 64 * 1024 * 1024;

type Candidate = { readonly type: 'file'; readonly at: string } | { readonly type: 'other'; readonly what: string };

/** Path of the file in `folder`. Throws ImageRefused, DiskFull. */
export async function diskInLayers(search: DiskSearch): Promise<string> {
  const { image, layers, wanted, signal, onBytes } = search;
  const candidates = new Map<string, Candidate>();
  let unpacked = 0;
  for (const layer of layers) {
    signal.throwIfAborted();
    await readLayer(layer, search, {
      bounded: (bytes) => onBytes(unpacked + bytes),
      entry: (entry) => take(entry, search, candidates),
    });
    unpacked += (await stat(layer)).size;
    onBytes(unpacked);
  }
  const found = [...candidates];
  const [first] = found;
  const folder = `/${diskFolder}`;
  if (first === undefined) {
    if (wanted !== undefined) throw refusedImage(`The image ${image} has no file /${wanted}.`);
    throw refusedImage(`no file found in folder ${folder}, no disk present: ${image} is not a container disk.`);
  }
  if (found.length > 1)
    throw refusedImage(
      `more than one file found in folder ${folder}, only one disk is allowed: ${found.map(([name]) => name).join(', ')} in ${image}.`,
    );
  const [name, candidate] = first;
  if (candidate.type !== 'file') throw refusedImage(`/${name} in the image ${image} is ${candidate.what}, not a file.`);
  return candidate.at;
}

interface LayerEyes {
  readonly bounded: (compressedBytes: number) => void;
  readonly entry: (entry: Entry) => Promise<void>;
}

async function readLayer(layer: string, { image, signal }: DiskSearch, eyes: LayerEyes): Promise<void> {
  const compressedBytes = (await stat(layer)).size;
  const limit = compressedBytes * maxRatio + slackBytes;
  let read = 0;
  let written = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      read += chunk.length;
      eyes.bounded(read);
      done(null, chunk);
    },
  });
  const bound = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      written += chunk.length;
      if (written > limit)
        done(refusedImage(`A layer of ${image} unpacks to more than ${maxRatio} times its size: it is made to fill the disk.`));
      else done(null, chunk);
    },
  });
  // Brought when it is needed: a core without container disks does not keep it.
  const { extract } = await import('tar-stream');
  const tar = extract();
  const walk = async (): Promise<void> => {
    for await (const entry of tar) {
      await eyes.entry(entry);
      entry.resume();
    }
  };
  const walked = walk();
  // Whichever fails first is told; the other one's failure is a consequence.
  walked.catch(() => undefined);
  try {
    await pipeline([createReadStream(layer), counted, ...(await unpackers(layer)), bound, tar], { signal });
    await walked;
  } catch (error) {
    const inner = await walked.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    // The walk's own refusal says more than the broken pipe that follows from it.
    throw [inner, error].find((reason) => reason instanceof AppError || isDiskFull(reason)) ?? damaged(image, error);
  }
}

function damaged(image: string, error: unknown): unknown {
  const code = errnoOf(error) ?? '';
  const words = error instanceof Error ? error.message : '';
  const isOfData = /^(Z_|ZSTD_)/.test(code) || /tar|header|unexpected end|premature/i.test(words);
  return isOfData ? refusedImage(`A layer of ${image} is damaged: it cannot be unpacked.`) : error;
}

async function unpackers(layer: string): Promise<readonly Duplex[]> {
  const file = await open(layer, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (buffer.readUInt16BE(0) === 0x1f8b) return [createGunzip()];
    if (buffer.readUInt32LE(0) === 0xfd2fb528) return [createZstdDecompress()];
    return [];
  } finally {
    await file.close();
  }
}

async function take(entry: Entry, search: DiskSearch, candidates: Map<string, Candidate>): Promise<void> {
  const { name, type, size } = entry.header;
  const parts = partsOf(name, search.image);
  if (parts.length === 0) return;
  if (applyWhiteout(parts, candidates)) return;
  const at = parts.join('/');
  if (type !== 'directory' && isAncestorOfWanted(at, search.wanted)) {
    // A folder that is a link leads out of the image; a file in its place hides what was below.
    throw refusedImage(`/${at} in the image ${search.image} is ${whatIs(type)} where a folder must be.`);
  }
  if (!isCandidate(parts, search.wanted)) return;
  await forget(candidates, at);
  if (candidates.size >= maxCandidates)
    throw refusedImage(`more than one file found in folder /${diskFolder}, only one disk is allowed: ${search.image}.`);
  if (type !== 'file' && type !== 'contiguous-file') {
    candidates.set(at, { type: 'other', what: whatIs(type) });
    return;
  }
  const file = path.join(search.folder, `candidate-${candidates.size}-${Date.now()}`);
  await writeOut(entry, file, { sizeBytes: size, folder: search.folder, signal: search.signal });
  candidates.set(at, { type: 'file', at: file });
}

/** A name that climbs, or is absolute by a trick, aims at something else than the image. */
function partsOf(name: string, image: string): readonly string[] {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..') || name.includes('\0'))
    throw refusedImage(`The image ${image} holds a file whose name leads out of it: ${JSON.stringify(name.slice(0, 100))}.`);
  return parts;
}

function isCandidate(parts: readonly string[], wanted: string | undefined): boolean {
  return wanted === undefined ? parts.length === 2 && parts[0] === diskFolder : parts.join('/') === wanted;
}

function isAncestorOfWanted(at: string, wanted: string | undefined): boolean {
  return (wanted ?? `${diskFolder}/x`).startsWith(`${at}/`);
}

const opaque = '.wh..wh..opq';
const whiteout = '.wh.';

/** A higher layer takes away what a lower one brought: one file, a folder, or everything in a folder. */
function applyWhiteout(parts: readonly string[], candidates: Map<string, Candidate>): boolean {
  const name = parts.at(-1) ?? '';
  if (!name.startsWith(whiteout)) return false;
  const folder = parts.slice(0, -1);
  const gone = (name === opaque ? folder : [...folder, name.slice(whiteout.length)]).join('/');
  for (const at of candidates.keys()) if (gone === '' || at === gone || at.startsWith(`${gone}/`)) void forget(candidates, at);
  return true;
}

async function forget(candidates: Map<string, Candidate>, at: string): Promise<void> {
  const old = candidates.get(at);
  candidates.delete(at);
  if (old?.type === 'file') await rm(old.at, { force: true });
}

function whatIs(type: Entry['header']['type']): string {
  if (type === 'symlink' || type === 'link') return 'a link';
  return type === 'directory' ? 'a folder' : 'a special file';
}

interface Writing {
  readonly sizeBytes: number;
  readonly folder: string;
  readonly signal: AbortSignal;
}

async function writeOut(entry: Entry, to: string, { sizeBytes, folder, signal }: Writing): Promise<void> {
  const file = await open(to, 'wx', 0o600);
  try {
    await writeEntry(entry, file, { sizeBytes, folder, signal });
  } catch (error) {
    await file.close();
    await rm(to, { force: true });
    throw error;
  }
  await file.close();
}

async function writeEntry(entry: Entry, file: FileHandle, { sizeBytes, folder, signal }: Writing): Promise<void> {
  let position = 0;
  let checkAt = 0;
  for await (const chunk of entry as AsyncIterable<Buffer>) {
    signal.throwIfAborted();
    if (position >= checkAt) {
      if ((await freeBytes(folder)) < reserveBytes) throw await diskFull(folder, reserveBytes);
      checkAt = position + spaceCheckBytes;
    }
    await writeSparse(file, chunk, position);
    position += chunk.length;
  }
  // The end may have been a hole.
  await file.truncate(Math.min(position, sizeBytes));
}
