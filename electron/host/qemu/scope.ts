// Owns finding out whether systemd gives programs scopes here, where it really does that: in the core's own scope a QEMU would end with it.
// Must not set limits.
import { findProgram, runCommand } from '../exec.ts';
import { isThere } from '../is-there.ts';

/** Arguments to put before a program so that it runs in a new scope of this name, in this slice. */
export type ScopePrefix = (unit: string, slice: string) => readonly string[];

/** A bus that does not answer must not hold up a start. */
const trialTimeoutMs = 3_000;

/**
 * Finds out by trying, once: systemd-run is installed on many machines where no systemd runs (containers), and a user manager
 * may be there without a bus. `systemd-run --scope` executes the program in its own process, so the pid stays the one spawned.
 * Undefined where there is no systemd to ask.
 */
export async function findScopePrefix(uid: number): Promise<ScopePrefix | undefined> {
  const socket = uid === 0 ? '/run/systemd/private' : `${process.env['XDG_RUNTIME_DIR'] ?? `/run/user/${uid}`}/systemd/private`;
  const program = await findProgram('systemd-run');
  if (program === undefined || !(await isThere(socket))) return undefined;
  const base = [program, ...(uid === 0 ? [] : ['--user']), '--scope', '--quiet', '--collect'];
  const trial = await runCommand({ program, args: [...base.slice(1), '--', 'true'], timeoutMs: trialTimeoutMs }).catch(() => undefined);
  if (trial?.code !== 0) return undefined;
  return (unit, slice) => [...base, `--slice=${slice}`, `--unit=${unit}`, '--'];
}
