// Owns what a run's status says of processors and memory that come while it runs; KubeVirt's HotVCPUChange and HotMemoryChange.
// Must not decide what it may have; growth.ts and the engine do.
import type { VirtualMachineInstance, VirtualMachineInstanceStatus } from '../../api/kinds/virtual-machine-instance.ts';
import { bytesOf, formatBytes, mebibytesOf } from '../../api/quantity.ts';
import { isOfQuota } from '../quota/reasons.ts';
import type { GrowthPart } from '../reconcile/growth.ts';
import type { NewCondition } from './conditions.ts';
import { withConditions } from './phase-changes.ts';
import type { VmiFact } from './vmi-fact.ts';

type Status = VirtualMachineInstanceStatus;
type Fact<Type extends VmiFact['type']> = Extract<VmiFact, { readonly type: Type }>;

export const growthConditions: Readonly<Record<GrowthPart, string>> = { cpu: 'HotVCPUChange', memory: 'HotMemoryChange' };

const parts = ['cpu', 'memory'] as const;

/** Whether a machine waits for room to grow. */
export function waitsToGrow(status: Status | undefined): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status: is, reason }) => Object.values(growthConditions).includes(type) && is === 'False' && reason !== failedReason,
  );
}

const failedReason = 'HotplugFailed';

export function growthAsked(old: Status, { parts: asked, causes }: Fact<'GrowthAsked'>, now: number): Status {
  const refused = causes.length > 0;
  const isRefused = (type: string): boolean =>
    old.conditions?.some((condition) => condition.type === type && condition.status === 'False') === true;
  const cleared = parts.map((part) => growthConditions[part]).filter((type) => isRefused(type));
  const set = asked.map((part): NewCondition =>
    refused
      ? {
          type: growthConditions[part],
          status: 'False',
          reason: causes.some(isOfQuota) ? 'FailedCreate' : 'Unschedulable',
          message: causes.map(({ message }) => message).join(' '),
        }
      : { type: growthConditions[part], status: 'True' },
  );
  return withConditions(old, { set, cleared: cleared.filter((type) => !set.some((condition) => condition.type === type)) }, now);
}

export function grown(vmi: VirtualMachineInstance, { sockets, laterMemoryBytes }: Fact<'Grown'>, now: number): Status {
  const { cpu, memory } = vmi.spec.domain;
  const old = vmi.status ?? {};
  const topology = { cores: cpu?.cores ?? 1, threads: cpu?.threads ?? 1, ...old.currentCPUTopology, sockets };
  const guest = memory?.guest;
  const status: Status = {
    ...old,
    currentCPUTopology: topology,
    ...(guest === undefined || old.memory === undefined ? {} : { memory: { ...old.memory, guestRequested: guest } }),
  };
  const isDone = sockets >= (cpu?.sockets ?? 1);
  return withLaterMemory(withConditions(status, { cleared: isDone ? [growthConditions.cpu] : [] }, now), laterMemoryBytes, now);
}

/** What the guest has taken of the memory beside that of its start. */
export function withLaterMemory(old: Status, bytes: number, now: number): Status {
  const { memory } = old;
  if (memory?.guestAtBoot === undefined) return old;
  const current = (bytesOf(memory.guestAtBoot) ?? 0) + bytes;
  const requested = bytesOf(memory.guestRequested) ?? current;
  const status: Status = {
    ...old,
    memory: { ...memory, guestCurrent: current === requested ? (memory.guestRequested ?? '') : formatBytes(current) },
  };
  if (current === requested) return withConditions(status, { cleared: [growthConditions.memory] }, now);
  const [hasMiB, mayMiB] = [mebibytesOf(current) ?? 0, mebibytesOf(requested) ?? 0];
  const message =
    hasMiB < mayMiB
      ? `The guest has ${hasMiB} MiB of the ${mayMiB} MiB that it may have.`
      : `The guest has ${hasMiB} MiB and is to have ${mayMiB} MiB: it gives back ${hasMiB - mayMiB} MiB when it no longer uses them.`;
  return withConditions(status, { set: [{ type: growthConditions.memory, status: 'True', message }] }, now);
}

export function growthFailed(old: Status, { part, message }: Fact<'GrowthFailed'>, now: number): Status {
  return withConditions(old, { set: [{ type: growthConditions[part], status: 'False', reason: failedReason, message }] }, now);
}
