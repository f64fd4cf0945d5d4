// Owns running short-lived programs: argument arrays only, a time limit, capped output, a clean environment.
// Must not know what any program does, nor start QEMU; that is qemu/process.ts.
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../api/errors.ts';
import { errnoOf } from './errno.ts';

export interface Command {
  /** Name to be found on the path, or an absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
  /** Written to standard input, which is closed then. Without it standard input is empty. */
  readonly input?: string | Uint8Array;
  /** Lines end at \n or at \r: progress meters rewrite their line. With a listener only the tail of the stream is kept. */
  readonly onStdoutLine?: (line: string) => void;
  readonly onStderrLine?: (line: string) => void;
  /** Aborting ends the program and rejects with AppError Timeout. */
  readonly signal?: AbortSignal;
  readonly cwd?: string;
  /** Added to the clean environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface CommandResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `qemu-img info` of a long chain is some 100 KB; nothing that we ask for is larger than this. */
const stdoutCapBytes = 32 * 1024 * 1024;
const tailBytes = 64 * 1024;
/** mmdebstrap unmounts and removes its tree on SIGTERM. */
const politeMs = 3_000;

/** sbin is not on an ordinary user's path in Debian, but mke2fs, sgdisk and losetup live there. */
const searchPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** What a program may see of our environment. Proxies matter to apt; the runtime directory and bus to `systemd-run --user`. */
const passedOn = [
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TMPDIR',
  'TZ',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
  'http_proxy',
  'https_proxy',
  'ftp_proxy',
  'no_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
];

/** The environment of every program: messages in English, so that they can be recognised, and the full path. */
export function cleanEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const kept = passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  const directories = [...(env['PATH'] ?? '').split(':').filter((directory) => path.isAbsolute(directory)), ...searchPath];
  return { ...Object.fromEntries(kept), PATH: [...new Set(directories)].join(':'), LANG: 'C', LC_ALL: 'C' };
}

/** Absolute path of a program, or undefined when this machine has none of that name. */
export async function findProgram(name: string): Promise<string | undefined> {
  const candidates = path.isAbsolute(name)
    ? [name]
    : (cleanEnvironment()['PATH'] ?? '').split(':').map((directory) => path.join(directory, name));
  for (const candidate of candidates) {
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false; // Absent or not ours to run: both mean "not here".
  }
}

/**
 * Runs a program to its end. A non-zero exit code is a result, not an error.
 * Throws AppError ToolFailed when it cannot be started or floods its output, Timeout when it is too slow or was aborted.
 */
export async function runCommand(command: Command): Promise<CommandResult> {
  const name = path.basename(command.program);
  const program = await findProgram(command.program);
  if (program === undefined)
    throw new AppError('ToolFailed', `The program ${name} is not installed. Install the package that contains it.`);
  if (command.signal?.aborted === true) throw new AppError('Timeout', `${name} was cancelled before it started.`);
  return await new Promise<CommandResult>((resolve, reject) => {
    // A group of its own: ending it ends what it started, too (mmdebstrap runs apt, dpkg, tar).
    const child = spawn(program, [...command.args], {
      cwd: command.cwd,
      env: { ...cleanEnvironment(), ...command.env },
      stdio: [command.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    let failure: AppError | undefined;
    let killTimer: NodeJS.Timeout | undefined;
    const end = (error: AppError): void => {
      if (failure !== undefined) return;
      failure = error;
      signalGroup(child.pid, 'SIGTERM');
      killTimer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), politeMs);
    };
    const timer = setTimeout(
      () => end(new AppError('Timeout', `${name} did not finish within ${command.timeoutMs / 1000} s and was ended.`)),
      command.timeoutMs,
    );
    const onAbort = (): void => end(new AppError('Timeout', `${name} was cancelled.`));
    command.signal?.addEventListener('abort', onAbort, { once: true });
    const settle = (): void => {
      clearTimeout(timer);
      clearTimeout(killTimer);
      command.signal?.removeEventListener('abort', onAbort);
    };
    const stdout = collector(command.onStdoutLine, () =>
      end(new AppError('ToolFailed', `${name} printed more than ${stdoutCapBytes >> 20} MiB.`)),
    );
    const stderr = collector(command.onStderrLine ?? ignoreLine);
    child.stdout?.on('data', stdout.push);
    child.stderr?.on('data', stderr.push);
    // EPIPE: the program did not want all of its input; its exit code says more than we could.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(command.input);
    child.on('error', (cause) => {
      settle();
      reject(new AppError('ToolFailed', `The program ${program} could not be started: ${cause.message}.`, { cause }));
    });
    child.on('close', (code, signal) => {
      settle();
      const result = { code, signal, stdout: stdout.finish(), stderr: stderr.finish() };
      if (failure === undefined) resolve(result);
      else reject(failure);
    });
  });
}

function ignoreLine(): void {
  // A listener, so that the collector keeps only the tail.
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (cause) {
    if (errnoOf(cause) !== 'ESRCH') throw cause; // ESRCH: it ended by itself meanwhile.
  }
}

interface Collector {
  readonly push: (chunk: Buffer) => void;
  readonly finish: () => string;
}

/** Keeps the whole text up to the cap, or, with a line listener, the tail alone. */
function collector(onLine: ((line: string) => void) | undefined, onFlood?: () => void): Collector {
  const decoder = new TextDecoder();
  let chunks: Buffer[] = [];
  let held = 0;
  let partial = '';
  const lines = (text: string): void => {
    if (onLine === undefined) return;
    const parts = (partial + text).split(/\r\n|\n|\r/);
    partial = (parts.pop() ?? '').slice(-tailBytes);
    for (const part of parts) if (part !== '') onLine(part);
  };
  return {
    push: (chunk) => {
      lines(decoder.decode(chunk, { stream: true }));
      if (onLine === undefined && held + chunk.length > stdoutCapBytes) return onFlood?.();
      chunks.push(chunk);
      held += chunk.length;
      if (onLine === undefined) return;
      while (chunks.length > 1 && held - (chunks[0]?.length ?? 0) > tailBytes) held -= chunks.shift()?.length ?? 0;
    },
    finish: () => {
      lines(decoder.decode());
      if (onLine !== undefined && partial !== '') onLine(partial);
      const text = Buffer.concat(chunks).toString('utf8');
      chunks = [];
      return text;
    },
  };
}
