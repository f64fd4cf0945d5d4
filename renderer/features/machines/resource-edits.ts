// Owns a machine's requests and limits as they are typed in, and back.
// Must not refuse what the core takes; it says what a quota will demand.
import type { HyperConvergedSpec } from '../../../electron/api/kinds/hyper-converged.ts';
import type { LimitRange } from '../../../electron/api/kinds/limit-range.ts';
import type { ResourceQuota } from '../../../electron/api/kinds/resource-quota.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { autoMemoryLimitsRatio } from '../../../electron/api/annotations.ts';
import { selects } from '../../../electron/api/label-match.ts';
import type { JsonObject } from '../../../electron/api/object.ts';
import { bytesOf, milliOf } from '../../../electron/api/quantity.ts';
import { domainPath, type Patch, specOf, unchanged } from './machine-edits.ts';

/** Quantities; empty: not said. */
export interface ResourcesDraft {
  readonly requestsMemory: string;
  readonly requestsCpu: string;
  readonly limitsMemory: string;
  readonly limitsCpu: string;
  readonly overcommitGuestOverhead: boolean;
}

type List = Readonly<Record<string, string | number>>;

export function resourcesDraft(vm: VirtualMachine): ResourcesDraft {
  const { requests = {}, limits = {}, overcommitGuestOverhead = false } = specOf(vm).domain.resources ?? {};
  const text = (list: List, name: string): string => String(list[name] ?? '');
  return {
    requestsMemory: text(requests, 'memory'),
    requestsCpu: text(requests, 'cpu'),
    limitsMemory: text(limits, 'memory'),
    limitsCpu: text(limits, 'cpu'),
    overcommitGuestOverhead,
  };
}

export function isMemory(text: string): boolean {
  return text === '' || (bytesOf(text) ?? 0) > 0;
}

export function isCpu(text: string): boolean {
  return text === '' || (milliOf(text) ?? 0) > 0;
}

export function areResources({ requestsMemory, requestsCpu, limitsMemory, limitsCpu }: ResourcesDraft): boolean {
  return [requestsMemory, limitsMemory].every(isMemory) && [requestsCpu, limitsCpu].every(isCpu);
}

const headroomBytes = 100 * 1024 * 1024;

/** Where a quota limits memory, the limit has to leave this much above the request; otherwise nobody asks. */
export function isLimitTooClose({ requestsMemory, limitsMemory }: ResourcesDraft, guestMiB: number): boolean {
  const limit = bytesOf(limitsMemory);
  if (limit === undefined) return false;
  return limit < (bytesOf(requestsMemory) ?? guestMiB * 1024 * 1024) + headroomBytes;
}

interface ProjectRules {
  readonly quotas: readonly ResourceQuota[];
  readonly ranges: readonly LimitRange[];
  /** Of the Namespace. */
  readonly labels: Readonly<Record<string, string>>;
  readonly density: Pick<HyperConvergedSpec, 'resourceRequirements'> | undefined;
}

/** What the quotas of a project make a machine say, as nobody says it for it: `limits.memory`, `limits.cpu`. */
export function demandedLimits({ quotas, ranges, labels, density }: ProjectRules): readonly string[] {
  const hard = quotas.flatMap(({ spec }) => Object.keys(spec.hard ?? {}));
  const given = [
    ...ranges.flatMap(({ spec }) => spec.limits.flatMap((item) => (item.type === 'Container' ? Object.keys(item.default ?? {}) : []))),
    ...(Number(labels[autoMemoryLimitsRatio]) >= 1 ? ['memory'] : []),
    ...(selects(density?.resourceRequirements?.autoCPULimitNamespaceLabelSelector, labels) ? ['cpu'] : []),
  ];
  return ['cpu', 'memory'].filter((name) => hard.includes(`limits.${name}`) && !given.includes(name)).map((name) => `limits.${name}`);
}

/** Resources that have no field go along; an empty list is taken away. */
export function resourcesPatch(vm: VirtualMachine, draft: ResourcesDraft): Patch {
  const path = `${domainPath}/resources`;
  const old = specOf(vm).domain.resources;
  const { requests, limits, overcommitGuestOverhead: _told, ...rest } = (old ?? {}) as JsonObject;
  const lists = {
    requests: listWith((requests ?? {}) as List, { memory: draft.requestsMemory, cpu: draft.requestsCpu }),
    limits: listWith((limits ?? {}) as List, { memory: draft.limitsMemory, cpu: draft.limitsCpu }),
  };
  const value: JsonObject = {
    ...rest,
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => Object.keys(list).length > 0)),
    ...(draft.overcommitGuestOverhead ? { overcommitGuestOverhead: true } : {}),
  };
  if (JSON.stringify(draft) === JSON.stringify(resourcesDraft(vm))) return [];
  return [...unchanged(path, old), { op: 'add', path, value }];
}

function listWith(old: List, said: Readonly<Record<string, string>>): List {
  const kept = Object.fromEntries(Object.entries(old).filter(([name]) => said[name] === undefined));
  return { ...kept, ...Object.fromEntries(Object.entries(said).filter(([, text]) => text !== '')) };
}
