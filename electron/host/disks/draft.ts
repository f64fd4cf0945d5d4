// Owns making a disk under another name and renaming it when it is whole and on the platter: there is never half a disk.
// Must not know where the bytes come from.
import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../api/errors.ts';
import type { DiskSource, DiskTarget } from '../../engine/ports.ts';
import { writePrivateFile } from '../private-file.ts';
import { draftPrefix, notePath } from './pool.ts';

/** The file that `fill` made, recognised by what cannot stay the same once a guest has written to it. */
const noteShape = z.object({ recipe: z.string(), inode: z.string(), modifiedNs: z.string() });

/**
 * Runs `work` on a path beside the target and then makes it the target. Whatever goes wrong, nothing is left.
 * A target that the very same recipe made and nobody has touched is kept as it is: the process ended between making a disk and
 * writing down that it is made. Any other file in that place is somebody's data: throws AlreadyExists.
 */
export async function publishDraft(target: DiskTarget, source: DiskSource, work: (draft: string) => Promise<void>): Promise<void> {
  const recipe = recipeOf(target, source);
  if (await isThere(target.path)) {
    if (await wasMadeBy(target.path, recipe)) return;
    throw new AppError(
      'AlreadyExists',
      `There is already a disk ${target.path}. Delete it or move it away, or use it as an existing disk.`,
    );
  }
  const folder = path.dirname(target.path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = draftBeside(target.path);
  try {
    await work(draft);
    await chmod(draft, 0o600);
    await syncToDisk(draft);
    await writeNote(draft, notePath(target.path), recipe);
    await rename(draft, target.path);
    await syncToDisk(folder);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** A fresh name in the same folder, so that the rename stays within one file system. */
export function draftBeside(file: string): string {
  return path.join(path.dirname(file), `${draftPrefix}${randomBytes(6).toString('hex')}-${path.basename(file)}`);
}

export async function syncToDisk(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function recipeOf(target: DiskTarget, source: DiskSource): string {
  return (
    createHash('sha256')
      // A password that changed makes no other disk.
      .update(JSON.stringify([target.format, target.sizeBytes, { ...source, credentials: undefined }]))
      .digest('hex')
  );
}

async function writeNote(draft: string, note: string, recipe: string): Promise<void> {
  const { ino, mtimeNs } = await stat(draft, { bigint: true });
  await writePrivateFile(
    note,
    JSON.stringify({ recipe, inode: String(ino), modifiedNs: String(mtimeNs) } satisfies z.infer<typeof noteShape>),
  );
}

async function wasMadeBy(file: string, recipe: string): Promise<boolean> {
  const note = await readNote(notePath(file));
  if (note?.recipe !== recipe) return false;
  const { ino, mtimeNs } = await stat(file, { bigint: true });
  return note.inode === String(ino) && note.modifiedNs === String(mtimeNs);
}

async function readNote(file: string): Promise<z.infer<typeof noteShape> | undefined> {
  try {
    return noteShape.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined; // None, or one that a power failure emptied: it vouches for nothing.
  }
}

async function isThere(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}
