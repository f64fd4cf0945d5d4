// Owns a run of the lab: an outer machine under emulation whose root is this computer's own, in which one program runs.
// Must not know what is tested; the README says how to write a test.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { labKernel } from './lab-kernel.ts';
import { labArguments, type LabOptions } from './lab-options.ts';
import { labQemu } from './lab-qemu.ts';
import { runScript } from './run-script.ts';

export interface LabTask extends LabOptions {
  /** A TypeScript file; its default export is a LabProgramMain. */
  readonly program: URL;
  /** JSON, handed to the program. */
  readonly input?: unknown;
  /** From the start of the outer machine. 240 s when absent: four times what the slowest took on a quiet computer. */
  readonly timeoutMs?: number;
  /** Hears every result as it comes. */
  readonly onResult?: (value: unknown) => void;
}

export interface LabRun {
  /** What the program reported, in order. */
  readonly results: readonly unknown[];
  /** The outer machine's serial console. */
  readonly console: string;
  readonly seconds: { readonly untilProgram: number; readonly total: number };
}

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const consoleTailLines = 60;

type Line =
  | { readonly type: 'started'; readonly node: string }
  | { readonly type: 'result'; readonly value: unknown }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly message: string };

/** Resolves when the program has ended well; rejects with its error, or with the console's last lines when the lab itself failed. */
export async function runInLab(task: LabTask): Promise<LabRun> {
  const kernel = await labKernel(task.kernel);
  const folder = await mkdtemp(path.join(tmpdir(), 'vd-lab-'));
  try {
    const program = { file: fileURLToPath(task.program), input: task.input };
    await writeFile(path.join(folder, 'run.sh'), runScript(task, { root, modules: kernel.modules, program }));
    return await run(task, { ...kernel, runFolder: folder, resultSocket: path.join(folder, 'result') });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(task: LabTask, files: Parameters<typeof labArguments>[1]): Promise<LabRun> {
  const startedAt = performance.now();
  const seconds = (): number => (performance.now() - startedAt) / 1000;
  const results: unknown[] = [];
  let untilProgram = 0;
  const told = Promise.withResolvers<void>();
  const qemu = await labQemu(task.qemu);
  const server = await listen(files.resultSocket, (text) => {
    const line = JSON.parse(text) as Line;
    if (line.type === 'started') untilProgram = seconds();
    if (line.type === 'done') told.resolve();
    if (line.type === 'failed') told.reject(new Error(`The program in the lab failed: ${line.message}`));
    if (line.type !== 'result') return;
    results.push(line.value);
    task.onResult?.(line.value);
  });
  const outer = spawn(qemu, labArguments(task, files), { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const keep = (chunk: Buffer): void => void (text += chunk.toString('utf8'));
  outer.stdout.on('data', keep);
  outer.stderr.on('data', keep);
  const tail = (): string => text.split('\n').slice(-consoleTailLines).join('\n');
  const ended = Promise.withResolvers<void>();
  const gone = new Promise<void>((resolve) => outer.once('close', () => resolve()));
  outer.once('error', ended.reject);
  outer.once('close', (code) => ended.reject(new Error(`The lab ended (${code}) before its program did.\n${tail()}`)));
  const timeoutMs = task.timeoutMs ?? 240_000;
  const late = setTimeout(() => told.reject(new Error(`The lab was not done after ${timeoutMs / 1000} s.\n${tail()}`)), timeoutMs);
  try {
    await Promise.race([told.promise, ended.promise]);
    return { results, console: text, seconds: { untilProgram, total: seconds() } };
  } catch (error) {
    throw error instanceof Error ? new Error(`${error.message}\n── console ──\n${tail()}`, { cause: error }) : error;
  } finally {
    clearTimeout(late);
    ended.promise.catch(() => undefined);
    // Its root is read-only and its writes are in memory: there is nothing to end politely.
    outer.kill('SIGKILL');
    server.close();
    // An image that it kept open is locked until then.
    if (outer.pid !== undefined) await gone;
  }
}

async function listen(socket: string, onLine: (line: string) => void): Promise<Server> {
  const server = createServer((connection) => {
    connection.on('error', () => undefined);
    createInterface({ input: connection }).on('line', onLine);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  return server;
}
