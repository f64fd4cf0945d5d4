// Owns running the real `virtdeck` command as a process of its own, with what it is given and what it answers.
// Must not hold expectations.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Places {
  readonly data: string;
  readonly run: string;
}

export interface Answer {
  readonly status: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const launcher = new URL('../../electron/virtdeck.mjs', import.meta.url).pathname;

export function spawnVirtdeck(
  places: Places,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', launcher, ...args], {
    env: {
      PATH: process.env['PATH'],
      HOME: places.data,
      // The user's own: a home that is new for each test would take the types out of every file again.
      XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
      TMPDIR: places.run,
      VIRTDECK_DATA: places.data,
      VIRTDECK_RUN: places.run,
      ...env,
    },
  });
}

export interface Given {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs it to its end. */
export async function virtdeck(places: Places, args: readonly string[], given: Given = {}): Promise<Answer> {
  const child = spawnVirtdeck(places, args, given.env);
  child.stdin.end(given.stdin ?? '');
  return ending(child);
}

export async function ending(child: ChildProcessWithoutNullStreams): Promise<Answer> {
  const ended = new Promise<Answer['status']>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? code));
  });
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { status, stdout, stderr };
}
