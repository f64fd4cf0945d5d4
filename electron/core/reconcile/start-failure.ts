// Owns the back-off of a machine that fails as soon as it is started: how often, and when to try again.
// Must not wait; the engine has the clock.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine, VirtualMachineStatus } from '../../api/kinds/virtual-machine.ts';
import { type RunStrategy, isFinal, phaseOf, runStrategyOf } from '../../api/lifecycle.ts';
import { timestamp } from '../status/conditions.ts';
import { hasStartRequest } from './state-changes.ts';

type StartFailure = NonNullable<VirtualMachineStatus['startFailure']>;

// KubeVirt's defaultMaxCrashLoopBackoffDelaySeconds and its interval. Its random part spreads a cluster's load; here it would only surprise.
const maxDelaySeconds = 300;
const intervalSeconds = 10;

/** 10, 40, 90, 160, 250, 300, 300 … seconds. */
export function backOffSeconds(failures: number): number {
  return Math.min(intervalSeconds * Math.max(failures, 1) ** 2, maxDelaySeconds);
}

/** Strategies that try again by themselves. */
export const restartingStrategies: readonly RunStrategy[] = ['Always', 'RerunOnFailure', 'Once'];

// KubeVirt counts only runs that never got to Running: it has seconds of scheduling between two runs anyway.
// Here a machine that crashes as soon as it runs would spin, so a run must have lasted to count as one.
const lastingMs = 10_000;

/** status.startFailure after looking at the current run; undefined clears it. Each failed run counts once. */
export function startFailureAfter(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined, now: number): StartFailure | undefined {
  const old = vm.status?.startFailure;
  if (!restartingStrategies.includes(runStrategyOf(vm))) return undefined;
  // Stopped while it waited: nobody will try again.
  if (vmi === undefined && runStrategyOf(vm) === 'RerunOnFailure' && !hasStartRequest(vm)) return undefined;
  if (vmi === undefined || !isFinal(phaseOf(vmi)) || old?.lastFailedVMIUID === vmi.metadata.uid) return old;
  if (phaseOf(vmi) === 'Succeeded' || hasLasted(vmi, runStrategyOf(vm))) return undefined;
  const consecutiveFailCount = (old?.consecutiveFailCount ?? 0) + 1;
  const retryAfterTimestamp = timestamp(now + backOffSeconds(consecutiveFailCount) * 1000);
  return { consecutiveFailCount, lastFailedVMIUID: vmi.metadata.uid, retryAfterTimestamp };
}

function hasLasted({ status }: VirtualMachineInstance, strategy: RunStrategy): boolean {
  const at = (phase: string): number =>
    Date.parse(status?.phaseTransitionTimestamps?.find((transition) => transition.phase === phase)?.phaseTransitionTimestamp ?? '');
  // A run under Once is not made again, so there is nothing to slow down.
  return at('Failed') - at('Running') >= (strategy === 'Once' ? 0 : lastingMs);
}

/** Milliseconds since 1970; undefined when nothing holds the machine back. */
export function retryAt(vm: VirtualMachine, now: number): number | undefined {
  const text = vm.status?.startFailure?.retryAfterTimestamp;
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return at > now ? at : undefined;
}
