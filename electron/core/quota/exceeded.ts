// Owns the comparison of what is asked with what a quota leaves, and Kubernetes' sentence about it.
// Must not know who asks.
import type { FixAction } from '../../api/fix-actions.ts';
import { type Amounts, amountText, plus } from '../placement/amounts.ts';

export interface Claimed {
  readonly name: string;
  readonly hard: Amounts;
  readonly used: Amounts;
}

export interface Exceeded {
  /** In the order of the alphabet, as in the sentence. */
  readonly resources: readonly string[];
  readonly message: string;
  /** What `hard` would have to be at least. */
  readonly needed: Amounts;
}

/** Undefined when it fits. Only what is asked for can be too much: a quota that is over already stops nothing else. */
export function exceeded({ name, hard, used }: Claimed, requested: Amounts): Exceeded | undefined {
  const total = plus(used, requested);
  const over = Object.keys(hard)
    .filter((resource) => (requested[resource] ?? 0) > 0 && (total[resource] ?? 0) > (hard[resource] ?? 0))
    .toSorted();
  if (over.length === 0) return undefined;
  const said = (amounts: Amounts): string =>
    over.map((resource) => `${resource}=${amountText(resource, amounts[resource] ?? 0)}`).join(',');
  return {
    resources: over,
    message: `exceeded quota: ${name}, requested: ${said(requested)}, used: ${said(used)}, limited: ${said(hard)}`,
    needed: Object.fromEntries(over.map((resource) => [resource, total[resource] ?? 0])),
  };
}

export function raiseQuota(
  { namespace = 'default', name }: { readonly namespace?: string; readonly name: string },
  { resources, needed }: Exceeded,
): FixAction {
  const hard = Object.fromEntries(resources.map((resource) => [resource, amountText(resource, needed[resource] ?? 0)]));
  return { type: 'RaiseQuota', namespace, name, hard };
}

export function neededText({ resources, needed }: Exceeded): string {
  return resources.map((resource) => `${resource} to at least ${amountText(resource, needed[resource] ?? 0)}`).join(', ');
}
