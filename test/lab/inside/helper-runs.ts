// Owns running the privileged program as root in the lab, and waiting for what a run left behind.
// Must not judge its answers.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import type { PrivilegedRequest } from '../../../electron/api/privileged.ts';

/** By itself, with nothing between. */
export async function askHelper(
  program: string,
  request: PrivilegedRequest,
  env: object = {},
): Promise<{ readonly killed: boolean; readonly text: string }> {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...env } });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(request));
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { killed: signal === 'SIGKILL', text: Buffer.concat(chunks).toString('utf8') };
}

/** The processes of it that there are now. */
export function runsOf(program: string): readonly number[] {
  const isOne = (pid: string): boolean => {
    try {
      return readlinkSync(`/proc/${pid}/exe`) === program;
    } catch {
      return false;
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isOne(name))
    .map(Number);
}

/** With kill -9, whatever it waits for; how many there were. */
export async function endRuns(program: string): Promise<number> {
  const runs = runsOf(program);
  for (const pid of runs) process.kill(pid, 'SIGKILL');
  await noneRuns(program);
  return runs.length;
}

/** What it left behind goes on until it is done, and a keeper of a trial until that is over. */
export async function noneRuns(program: string): Promise<void> {
  while (runsOf(program).length > 0) await new Promise((resolve) => void setTimeout(resolve, 20));
}
