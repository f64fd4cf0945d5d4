// Owns a core in a process of its own with empty folders, as `virtdeck serve` starts it.
// Must not measure anything but the time until it is ready.
import { spawn } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiRequest, requestJson, requestLines } from '../../electron/cli/connection.ts';
import { nodeFlags } from '../../electron/node-flags.mjs';
import { giveAnswers, keepAnswers } from './kept-answers.ts';

const launcher = new URL('../../electron/virtdeck.mjs', import.meta.url).pathname;

export interface CoreProcess {
  readonly pid: number;
  readonly socket: string;
  readonly url: string | undefined;
  readonly dataDir: string;
  readonly runDir: string;
  /** From spawn to the line that says where it listens. */
  readonly readyMs: number;
  request(given: ApiRequest): Promise<unknown>;
  lines(given: ApiRequest & { readonly signal?: AbortSignal }): AsyncGenerator<unknown>;
  /** Ends the core; the folders stay. */
  end(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  remove(): void;
}

export interface CoreOptions {
  readonly listen?: boolean;
  /** Folders of an earlier core, to open them again. */
  readonly folder?: string;
  /** A network of its own, made with `ip netns add`. */
  readonly network?: string;
  /** Whose process it is, with folders of their own; ours when absent. Takes root. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

export async function startCore(options: CoreOptions = {}): Promise<CoreProcess> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'vd-'));
  const dataDir = join(folder, 'data');
  const runDir = join(folder, 'run');
  const listen = options.listen === true ? ['--listen', '127.0.0.1:0'] : [];
  const args = [...nodeFlags, launcher, 'serve', '--data', dataDir, '--run', runDir, ...listen];
  const { user } = options;
  // Another user could not read them.
  const isOurs = user === undefined;
  if (isOurs && options.folder === undefined) giveAnswers(dataDir);
  const started = performance.now();
  // ip becomes the program that it runs: the process is the core's.
  const [program = '', ...before] =
    options.network === undefined ? [process.execPath] : ['ip', 'netns', 'exec', options.network, process.execPath];
  const home = user === undefined ? {} : { env: { ...process.env, HOME: folder } };
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const child = spawn(program, [...before, ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...home, ...user });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8')));
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`virtdeck serve ended with ${signal ?? `status ${code}`}: ${complaint}`)));
  });
  const readyMs = performance.now() - started;
  if (isOurs) keepAnswers(dataDir);
  const { socket, url } = JSON.parse(line) as { socket: string; url?: string };
  return {
    pid: child.pid ?? 0,
    socket,
    url,
    dataDir,
    runDir,
    readyMs,
    request: (given) => requestJson({ ...given, socket }),
    lines: (given) => requestLines({ ...given, socket }),
    async end(signal = 'SIGTERM') {
      child.kill(signal);
      await ended;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** CPU time used so far, ms (user and system). */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  // utime and stime are fields 14 and 15; the first two were cut off with the name. 100 ticks a second on every Linux of today.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

export function residentMiB(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? 0) / 1024;
}
