// Owns finding out whether KVM really runs guests here: a payload that needs what every operating system needs.
// Must not choose the accelerator; accelerator.ts does.
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { z } from 'zod';
import { selftestPayload } from '../../../native/index.ts';
import type { KvmState } from '../../core/facts.ts';
import { cached, fileKey } from '../cache.ts';
import { errnoOf } from '../errno.ts';
import { bootId } from '../proc.ts';
import { isJsonObject, textOf } from './json-lines.ts';
import { startShortRun } from './short-run.ts';

/** What one run showed. */
export interface SelftestResult {
  readonly passed: boolean;
  /** Letters of the stages that were reached; see native/selftest/README.md. */
  readonly stages: string;
  /** Why it ended before the last stage, in a clause. */
  readonly reason: string;
  /** Time was up: a KVM that hangs, or a computer that was very busy. */
  readonly timedOut: boolean;
}

export interface KvmVerdict {
  readonly state: Exclude<KvmState, 'untested'>;
  /** In a clause, for `broken`. */
  readonly reason: string;
}

export interface SelftestOptions {
  readonly dataDir: string;
  readonly binary: string;
  readonly device?: string;
}

/** 0.15 s in emulation, less under KVM; the KVMs seen to fail take 1.5 s to say so. The rest is for a computer that is busy. */
const timeLimitMs = 20_000;
/** isa-debug-exit: (0x2a << 1) | 1. */
const successCode = 85;
const payloadOptions =
  '-nodefaults -no-user-config -display none -machine q35 -m 16 -device isa-debug-exit,iobase=0xf4,iosize=4 -debugcon stdio';
const allStages = 'PLIUTS';
const stageNames: Readonly<Record<string, string>> = {
  '': 'before its first instruction',
  P: 'on its way into 64-bit mode',
  L: 'at its first exception',
  I: 'on its way into user mode',
  U: 'waiting for the timer',
  T: 'in a plain loop',
};

const verdictSchema = z.object({ state: z.enum(['works', 'broken', 'denied', 'absent']), reason: z.string() });

/** Cached for this boot of the computer and this binary, unless the device is absent or closed to us: that is looked at each time. */
export async function kvmVerdict({ dataDir, binary, device = '/dev/kvm' }: SelftestOptions): Promise<KvmVerdict> {
  const found = await kvmDevice(device);
  if (found !== 'open') return { state: found, reason: '' };
  const key = [await fileKey(binary), await fileKey(selftestPayload), await bootId()];
  let timedOut = false;
  // What time decided is not written down: the next core looks again.
  const isFinal = (): boolean => !timedOut;
  return await cached({ dataDir, name: 'accelerator', key, schema: verdictSchema, isFinal }, async () => {
    const result = await runSelftest(binary, 'kvm');
    ({ timedOut } = result);
    return { state: result.passed ? 'works' : 'broken', reason: result.reason };
  });
}

/** Whether the device can be opened by this user. */
export async function kvmDevice(device = '/dev/kvm'): Promise<'open' | 'denied' | 'absent'> {
  try {
    await access(device, constants.R_OK | constants.W_OK);
    return 'open';
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? 'absent' : 'denied';
  }
}

/** Boots the payload. QEMU does not exit when KVM gives up: it stops the machine, so its events are watched beside its end. */
export async function runSelftest(binary: string, accelerator: 'kvm' | 'tcg'): Promise<SelftestResult> {
  const stopped = Promise.withResolvers<void>();
  const run = startShortRun({
    binary,
    args: payloadOptions.split(' ').concat(['-accel', accelerator, '-kernel', selftestPayload]),
    timeoutMs: timeLimitMs,
    onEvent: ({ event }) => {
      if (event === 'STOP') stopped.resolve();
    },
  });
  let timer: NodeJS.Timeout | undefined;
  const lateReason = `it did not finish within ${timeLimitMs / 1000} s`;
  const late = new Promise<string>((resolve) => (timer = setTimeout(() => resolve(lateReason), timeLimitMs)));
  const gaveUp = stopped.promise.then(async () => `the accelerator gave up: ${await statusText(run.qmp)}`);
  const ended = run.ended.then(
    ({ code, signal }) => (code === successCode ? '' : `QEMU ended with ${signal ?? `status ${code}`}${lastLine(run.errors())}`),
    (error: unknown) => `QEMU could not be started: ${String(error)}`,
  );
  try {
    const reason = await Promise.race([ended, gaveUp, late]);
    const stages = run.output().replace(/[^PLIUTS]/g, '');
    const passed = reason === '' && stages === allStages;
    const place = stageNames[stages.at(-1) ?? ''] ?? 'at its end';
    return {
      passed,
      stages,
      reason: passed ? '' : `the test guest stopped ${place} (${reason || 'it skipped a stage'})`,
      timedOut: reason === lateReason,
    };
  } finally {
    clearTimeout(timer);
    run.kill();
  }
}

async function statusText(session: ReturnType<typeof startShortRun>['qmp']): Promise<string> {
  const answer = await session.then((qmp) => qmp.execute('query-status', undefined, 1_000)).catch(() => null);
  return (isJsonObject(answer) ? textOf(answer['status']) : undefined) ?? 'no status';
}

function lastLine(errors: string): string {
  const line = errors.trim().split('\n').at(-1) ?? '';
  return line === '' ? '' : `: ${line}`;
}
