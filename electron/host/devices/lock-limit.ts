// Owns how much memory QEMU may lock: what we may ourselves, since it inherits that, or what one that runs already is let to.
// Must not decide how much is needed; the launch plan does.
import { AppError } from '../../api/errors.ts';
import { runCommand } from '../exec.ts';
import { askPrivileged } from '../network/privileged.ts';
import { readIfThere } from '../proc.ts';

interface Limit {
  readonly soft: number;
  readonly hard: number;
}

/** In bytes; undefined: any amount. Root's memory is not counted (CAP_IPC_LOCK). */
export async function lockLimitBytes(): Promise<number | undefined> {
  if (process.geteuid?.() === 0) return undefined;
  const { hard } = await limitNow(process.pid);
  return Number.isFinite(hard) ? hard : undefined;
}

/** Throws Forbidden when it takes an administrator and none agreed. */
export async function allowLocking(bytes: number, pid = process.pid): Promise<void> {
  if (process.geteuid?.() === 0) return;
  const { soft, hard } = await limitNow(pid);
  if (soft >= bytes) return;
  if (hard < bytes) return askPrivileged({ verb: 'memlock', pid, bytes });
  // Up to the hard limit nobody has to be asked.
  const args = ['--pid', String(pid), `--memlock=${bytes}:${Number.isFinite(hard) ? hard : 'unlimited'}`];
  const { code, stderr } = await runCommand({ program: 'prlimit', args, timeoutMs: 10_000 });
  if (code !== 0) throw new AppError('ToolFailed', `The limit of locked memory could not be raised: ${stderr.trim()}.`);
}

async function limitNow(pid: number): Promise<Limit> {
  const line = /^Max locked memory\s+(\S+)\s+(\S+)/m.exec((await readIfThere(`/proc/${pid}/limits`)) ?? '');
  const number = (text: string | undefined): number => (text === 'unlimited' ? Infinity : Number(text ?? 0));
  return { soft: number(line?.[1]), hard: number(line?.[2]) };
}
