// Owns what of a machine's limits cannot be enforced on this computer, and how that is said.
// Must not enforce anything.
import type { Cause } from '../../api/errors.ts';
import { formatBytes } from '../../api/quantity.ts';
import type { NewCondition } from '../status/conditions.ts';
import type { LimitPlan } from './limit-plan.ts';

export type LimitKind = 'memory' | 'memoryHigh' | 'swap' | 'cpu' | 'tasks';

/** What can be limited here, by what is really there: versions of programs say nothing of it. */
export interface LimitAbilities {
  readonly by: 'systemd' | 'cgroup v2' | 'cgroup v1' | 'nothing';
  readonly can: readonly LimitKind[];
  /** Why not more; absent when everything can be limited. */
  readonly message?: string;
  readonly fix?: string;
}

/** One value that the kernel does not hold. */
export interface LimitShortfall {
  readonly kind: LimitKind | 'oomOrder';
  /** One sentence. */
  readonly message: string;
}

/** What is set. What cannot be is left out: setting it would be accepted in silence by some. */
export function enforceable(plan: LimitPlan, { can }: LimitAbilities): LimitPlan {
  const { memoryMaxBytes, memoryHighBytes, swapMaxBytes, cpuMilli, ...rest } = plan;
  return {
    ...rest,
    ...(memoryMaxBytes === undefined || !can.includes('memory') ? {} : { memoryMaxBytes }),
    ...(memoryHighBytes === undefined || !can.includes('memoryHigh') ? {} : { memoryHighBytes }),
    ...(swapMaxBytes === undefined || !can.includes('swap') ? {} : { swapMaxBytes }),
    ...(cpuMilli === undefined || !can.includes('cpu') ? {} : { cpuMilli }),
  };
}

const resourcesPath = 'spec.domain.resources.limits';

/** Said before a start, of limits that somebody set. */
export function limitWarnings(plan: LimitPlan, abilities: LimitAbilities): readonly Cause[] {
  const { can, message = '', fix } = abilities;
  return askedKinds(plan)
    .filter((kind) => !can.includes(kind))
    .map((kind) => ({
      reason: 'LimitNotEnforced',
      field: `${resourcesPath}.${kind}`,
      message: `limits.${kind} is counted, but nothing enforces it here. ${message}`.trim(),
      ...(fix === undefined ? {} : { fix }),
    }));
}

/** Of a run whose limits somebody set; undefined when there are none to enforce. */
export function limitCondition(
  plan: LimitPlan,
  abilities: LimitAbilities,
  shortfalls: readonly LimitShortfall[],
): NewCondition | undefined {
  const asked = askedKinds(plan);
  if (asked.length === 0) return undefined;
  const missing = limitWarnings(plan, abilities).map(({ message }) => message);
  const said = shortfalls.filter(({ kind }) => kind !== 'oomOrder').map(({ message }) => message);
  const type = 'LimitsEnforced';
  if (missing.length + said.length > 0) {
    return { type, status: 'False', reason: 'LimitNotEnforced', message: [...missing, ...said].join(' ') };
  }
  const values = asked.map((kind) => (kind === 'memory' ? memoryText(plan) : `limits.cpu at ${plan.cpuMilli ?? 0}m`));
  const noBrake =
    asked.includes('memory') && !abilities.can.includes('memoryHigh')
      ? ` It is not slowed down before it is ended: ${abilities.by} has no memory.high.`
      : '';
  return { type, status: 'True', reason: 'Enforced', message: `By ${abilities.by}: ${values.join(', ')}.${noBrake}` };
}

function askedKinds({ memoryMaxBytes, cpuMilli }: LimitPlan): readonly ('memory' | 'cpu')[] {
  return [...(memoryMaxBytes === undefined ? [] : (['memory'] as const)), ...(cpuMilli === undefined ? [] : (['cpu'] as const))];
}

function memoryText({ memoryMaxBytes = 0 }: LimitPlan): string {
  return `limits.memory at ${formatBytes(memoryMaxBytes)} with what QEMU itself needs`;
}
