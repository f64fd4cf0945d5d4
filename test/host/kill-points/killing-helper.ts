// Owns building the privileged program so that it ends itself with SIGKILL at a chosen point, for tests.
// Must not be shipped, nor change what it does otherwise.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findProgram, runCommand } from '../../../electron/host/exec.ts';

const folder = fileURLToPath(new URL('../../../native/helper/', import.meta.url));
const source = fileURLToPath(new URL('kill-points.c', import.meta.url));
const wrapped = [
  'helper_main',
  ...['write', 'open', 'open_plain', 'open_in', 'mkdir', 'unlink', 'unlink_in', 'rename', 'rename_in', 'chown', 'chmod', 'run'].map(
    (name) => `sys_${name}`,
  ),
  'sys_apart',
  'sys_afterwards',
  'sys_sleep',
];
/** As it is shipped: a part that is new is here, too. */
const parts = readFileSync(`${folder}build.sh`, 'utf8').match(/(?<= )[a-z-]+\.c\b/g) ?? [];
const flags = ['-std=gnu11', '-Os', '-static', '-nostdlib', '-ffreestanding', '-fno-stack-protector', '-fno-pic', '-no-pie'];

const compiler = await findProgram(process.env['CC'] ?? 'gcc');

/** It ends itself by system calls of one processor. */
export const canBuildKilling = compiler !== undefined && process.arch === 'x64';

export async function buildKillingHelper(out: string): Promise<void> {
  const wraps = wrapped.map((name) => `-Wl,--wrap=${name}`);
  const args = [...flags, `-I${folder}`, `-Wa,-I${folder}`, ...wraps, '-o', out, source, ...parts.map((part) => `${folder}${part}`)];
  const made = await runCommand({ program: compiler ?? '', args, timeoutMs: 120_000 });
  if (made.code !== 0) throw new Error(`The killing program was not built: ${made.stderr}`);
}

/** The program, the process that it starts for what can block, `both`, the one that ends a trial, that one with what it starts, or whoever asked. */
export type Killed = 'main' | 'apart' | 'both' | 'keeper' | 'keepers' | 'caller';

/** Of the environment. `n`: the change before which it ends, from 1; there may be fewer. */
export function killedAt(role: Killed, n: number): { readonly KILL_AT: string } {
  return { KILL_AT: `${role}:${n}` };
}
