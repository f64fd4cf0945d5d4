// Owns how conditions are set and cleared: one of each type, in order of first appearance.
// Must not know what any condition means.
import type { Condition } from '../../api/object.ts';
import { timestamp } from '../../api/timestamp.ts';

/** KubeVirt's published types leave out the times that it writes. */
export type StatusCondition = Omit<Condition, 'status'> & { status: string };

export { timestamp };

export interface NewCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
}

/** lastTransitionTime moves only when the status does. */
export function withCondition(conditions: readonly StatusCondition[], next: NewCondition, now: number): StatusCondition[] {
  const old = conditions.find(({ type }) => type === next.type);
  const lastTransitionTime = old?.status === next.status ? (old.lastTransitionTime ?? timestamp(now)) : timestamp(now);
  const made: StatusCondition = { ...next, lastProbeTime: null, lastTransitionTime };
  return old === undefined ? [...conditions, made] : conditions.map((condition) => (condition === old ? made : condition));
}

export function withoutCondition(conditions: readonly StatusCondition[], ...types: readonly string[]): StatusCondition[] {
  return conditions.filter(({ type }) => !types.includes(type));
}

export function isTrue(conditions: readonly StatusCondition[] | undefined, type: string): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === 'True') === true;
}
