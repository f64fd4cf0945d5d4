// Owns telling apart how a QEMU ended, from what is known of it afterwards.
// Must not look anything up; whoever watched, or found the leftovers, says what it saw.
import type { ExitFact, OutOfMemoryFact } from '../../core/facts.ts';

export interface ExitEvidence {
  /** From our own child; undefined for an adopted QEMU, whose code only its parent learns. */
  readonly ending?: { readonly code: number | null; readonly signal: string | null };
  /** `reason` of the last SHUTDOWN event, when a QMP session heard one. */
  readonly shutdownReason?: string;
  /** Whether a QMP session was open to the end. */
  readonly watched: boolean;
  /** QEMU removes its pid file on every orderly exit, and only then. */
  readonly pidFileLeft: boolean;
  readonly stderr: string;
  /** Of a kill by the kernel for want of memory. */
  readonly outOfMemory?: OutOfMemoryFact;
  /** A signal that we sent ourselves. */
  readonly sent?: 'SIGTERM' | 'SIGKILL';
}

/** Signals that QEMU handles by shutting down, when its handler is there already. */
const politeSignals = ['SIGTERM', 'SIGINT', 'SIGHUP'];

export function exitFact(evidence: ExitEvidence): ExitFact {
  const { ending } = evidence;
  if (ending === undefined) return unknownCodeFact(evidence);
  if (ending.signal === 'SIGKILL') return killedFact(evidence);
  if (ending.signal !== null && politeSignals.includes(ending.signal)) return { type: 'HostStopped', signal: ending.signal };
  if (ending.signal !== null) return { type: 'Crashed', signal: ending.signal, stderr: evidence.stderr };
  if (ending.code !== 0) return { type: 'Crashed', ...(ending.code === null ? {} : { code: ending.code }), stderr: evidence.stderr };
  return orderlyFact(evidence);
}

function unknownCodeFact(evidence: ExitEvidence): ExitFact {
  if (!evidence.pidFileLeft) return orderlyFact(evidence);
  if (evidence.sent === 'SIGKILL' || evidence.outOfMemory !== undefined) return killedFact(evidence);
  // Failed assertions and the like print; the kernel's SIGKILL cannot. A silent SIGSEGV would be taken for a kill: only a parent could tell.
  return complains(evidence.stderr) ? { type: 'Crashed', stderr: evidence.stderr } : { type: 'Killed', signal: 'SIGKILL' };
}

function killedFact({ outOfMemory, sent }: ExitEvidence): ExitFact {
  return outOfMemory !== undefined && sent !== 'SIGKILL' ? { type: 'OutOfMemory', ...outOfMemory } : { type: 'Killed', signal: 'SIGKILL' };
}

function orderlyFact({ shutdownReason, stderr, watched }: ExitEvidence): ExitFact {
  const signal = terminatingSignal(stderr);
  if (signal !== undefined) return { type: 'HostStopped', signal };
  // host-signal, host-qmp-quit, host-qmp-system-reset, host-ui, host-error
  if (shutdownReason?.startsWith('host-') === true) return { type: 'HostStopped' };
  if (shutdownReason !== undefined) return { type: 'GuestShutdown' };
  // The watchdog's poweroff ends QEMU at once, without a SHUTDOWN event.
  return watched ? { type: 'GuestShutdown' } : { type: 'EndedUnwatched' };
}

/** QEMU says `terminating on signal 15 from pid 4711 (systemd)` for the signals that it handles. */
export function terminatingSignal(stderr: string): string | undefined {
  const number = /terminating on signal (\d+)/.exec(stderr)?.[1];
  if (number === undefined) return undefined;
  return { '1': 'SIGHUP', '2': 'SIGINT', '15': 'SIGTERM' }[number] ?? `signal ${number}`;
}

function complains(stderr: string): boolean {
  return stderr.split('\n').some((line) => line.trim() !== '' && !/^\S+: (?:warning|info): /.test(line));
}
