// Owns the evidence that is kept of a machine's failures: one folder each below its state directory, the newest ten.
// Must not decide what is a failure; the engine notes it.
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Evidence, EvidenceReport } from '../api/evidence.ts';
import { timestamp } from '../api/timestamp.ts';
import { runtimePaths } from '../core/qemu/runtime-paths.ts';
import type { ScreenPicture } from '../engine/ports.ts';
import { rotatedLog } from './consoles/serial-log.ts';
import { errnoOf } from './errno.ts';
import { isThere } from './is-there.ts';
import { writePrivateFile } from './private-file.ts';
import { logTail } from './qemu/process.ts';
import { removeDir } from './run-dir.ts';

// A guest that crashes in a loop must not fill the disk; who looks wants the last ones.
const kept = 10;
const serialLines = 200;
// Lines of a guest have no end that we could trust.
const serialBytes = 64 * 1024;
const reportName = 'evidence.json';
const pictureName = 'screen.png';

/** Does nothing for a machine whose state directory is gone. */
export async function keepEvidence(stateDir: string, report: EvidenceReport, screen: ScreenPicture | undefined): Promise<void> {
  const { serialLog, qemuLog } = runtimePaths({ runDir: '', stateDir });
  if (!(await isThere(stateDir))) return;
  const folder = path.join(folderOf(stateDir), safeName(report.id));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const evidence: Evidence = {
    ...report,
    serialTail: lastLines(await serialEnd(serialLog)),
    stderr: await logTail(qemuLog),
    hasScreenshot: screen !== undefined,
    ...(screen === undefined ? {} : { screenshotTime: timestamp(screen.at) }),
  };
  if (screen !== undefined) await writePrivateFile(path.join(folder, pictureName), screen.png);
  // Last: evidence is there when its report is.
  await writePrivateFile(path.join(folder, reportName), JSON.stringify(evidence));
  const all = await ids(stateDir);
  await Promise.all(all.slice(0, Math.max(0, all.length - kept)).map((id) => removeDir(path.join(folderOf(stateDir), id))));
}

/** Oldest first. One that cannot be read is left out. */
export async function readEvidence(stateDir: string): Promise<readonly Evidence[]> {
  const all = await Promise.all((await ids(stateDir)).map((id) => readOne(path.join(folderOf(stateDir), id, reportName))));
  return all.flatMap((one) => one ?? []);
}

export async function readEvidencePicture(stateDir: string, id: string): Promise<Uint8Array | undefined> {
  return await ifThere(readFile(path.join(folderOf(stateDir), safeName(id), pictureName)));
}

function folderOf(stateDir: string): string {
  return path.join(stateDir, 'evidence');
}

/** An id comes back from a client: it must not name anything else. */
function safeName(id: string): string {
  return id.replaceAll(/[^\w-]/g, '');
}

async function ids(stateDir: string): Promise<readonly string[]> {
  return ((await ifThere(readdir(folderOf(stateDir)))) ?? []).toSorted();
}

async function readOne(file: string): Promise<Evidence | undefined> {
  const text = await ifThere(readFile(file, 'utf8'));
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Evidence;
  } catch {
    await rm(file, { force: true });
    return undefined;
  }
}

/** The end of the serial log, with what was rotated away just before. */
async function serialEnd(log: string): Promise<string> {
  const now = await tailOf(log, serialBytes);
  const before = now.length < serialBytes ? await tailOf(rotatedLog(log), serialBytes - now.length) : Buffer.alloc(0);
  return Buffer.concat([before, now]).toString('utf8');
}

function lastLines(text: string): string {
  const lines = text.split('\n');
  const ends = lines.at(-1) === '' ? 1 : 0;
  return lines.slice(-serialLines - ends).join('\n');
}

async function tailOf(file: string, maxBytes: number): Promise<Buffer> {
  const handle = await ifThere(open(file, 'r'));
  if (handle === undefined) return Buffer.alloc(0);
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, maxBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
