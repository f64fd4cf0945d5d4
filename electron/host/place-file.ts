// Owns making the files that a plan wants to be there before QEMU starts. All are 0600.
// Must not touch disks of claims; disks/ does.
import { writePrivateFile } from './private-file.ts';
import { cp, open, rename, rm } from 'node:fs/promises';
import { AppError } from '../api/errors.ts';
import type { IsoEntry, PlannedFile } from '../core/qemu/launch-plan.ts';
import { errnoOf } from './errno.ts';
import { runCommand } from './exec.ts';
import { isThere } from './is-there.ts';
import { fetchDebianPackage } from './network/debian-package.ts';
import { writeIso } from './iso-image.ts';
import { preparePrivateDir } from './run-dir.ts';

const createTimeoutMs = 30_000;

/** Throws DiskFull, ToolFailed, NotFound (of the template to copy). */
export async function placeFile(file: PlannedFile): Promise<void> {
  try {
    await place(file);
  } catch (error) {
    if (errnoOf(error) === 'ENOSPC') {
      const target = 'to' in file ? file.to : file.path;
      throw new AppError('DiskFull', `There is no space left for ${target}. Free space and start again.`, { cause: error });
    }
    throw error;
  }
}

async function place(file: PlannedFile): Promise<void> {
  switch (file.type) {
    case 'folder':
      await preparePrivateDir(file.path);
      return;
    case 'secret':
      await writePrivateFile(file.path, file.text);
      return;
    case 'convertOnce':
      if (!(await isThere(file.to))) await convertWhole(file);
      return;
    case 'copy':
      await rm(file.to, { recursive: true, force: true });
      // Modes come along: they are those that we gave.
      await cp(file.from, file.to, { recursive: true });
      return;
    case 'emptyDisk':
      if (file.keep && (await isThere(file.path))) return;
      await makeEmptyDisk(file.path, file.format, file.sizeBytes);
      return;
    case 'debianPackage':
      await fetchDebianPackage(file.package, file.to);
      return;
    case 'iso':
      await writeIso(file.path, { label: file.label, files: decoded(file.entries) });
      return;
  }
}

function decoded(entries: Readonly<Record<string, IsoEntry>>): Record<string, string | Uint8Array> {
  return Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [name, typeof entry === 'string' ? entry : Buffer.from(entry.base64, 'base64')]),
  );
}

/** A crash in the middle must not leave half an NVRAM that would be kept from then on. */
async function convertWhole({ from, fromFormat, to }: Extract<PlannedFile, { type: 'convertOnce' }>): Promise<void> {
  if (!(await isThere(from))) throw new AppError('NotFound', `The file ${from} is not there to be copied for the machine.`);
  const draft = `${to}.${process.pid}.new`;
  try {
    // Made by us first, so that it is private from its first byte on.
    await (await open(draft, 'w', 0o600)).close();
    const args = ['convert', '-f', fromFormat, '-O', 'qcow2', from, draft];
    const result = await runCommand({ program: 'qemu-img', args, timeoutMs: createTimeoutMs });
    if (result.code !== 0) throw new AppError('ToolFailed', `${from} could not be copied for the machine: ${result.stderr.trim()}.`);
    await rename(draft, to);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function makeEmptyDisk(path: string, format: 'qcow2' | 'raw', sizeBytes: number): Promise<void> {
  await rm(path, { force: true });
  // Created by us first, so that it is private from its first byte on.
  const handle = await open(path, 'wx', 0o600);
  try {
    if (format === 'raw') await handle.truncate(sizeBytes);
  } finally {
    await handle.close();
  }
  if (format === 'raw') return;
  const result = await runCommand({
    program: 'qemu-img',
    args: ['create', '-q', '-f', 'qcow2', path, `${sizeBytes}`],
    timeoutMs: createTimeoutMs,
  });
  if (result.code === 0) return;
  await rm(path, { force: true });
  throw new AppError('ToolFailed', `The empty disk ${path} could not be made: ${result.stderr.trim()}.`);
}
