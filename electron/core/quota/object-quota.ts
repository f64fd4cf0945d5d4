// Owns whether a project's quotas let an object be stored, and what a quota says of itself.
// Must not judge starts; machine-quota.ts does.
import type { Cause } from '../../api/errors.ts';
import type { ResourceQuota } from '../../api/kinds/resource-quota.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { KubeObject, ResourceId } from '../../api/object.ts';
import { type Amounts, amountText, amountsOf, minus, totalOf } from '../placement/amounts.ts';
import type { ChargeFacts } from '../placement/charge.ts';
import { exceeded, neededText, raiseQuota } from './exceeded.ts';
import { usedByMachines } from './machine-quota.ts';
import { quotaReasons } from './reasons.ts';
import { isScoped } from './scopes.ts';
import { countedKinds, usageOfObject } from './usage.ts';

export interface ObjectChange {
  readonly resource: ResourceId;
  readonly before?: KubeObject;
  readonly after: KubeObject;
}

/** `stored`: every object of that kind in the project, as it is now. */
export function objectQuotaCauses(
  { resource, before, after }: ObjectChange,
  quotas: readonly ResourceQuota[],
  stored: readonly KubeObject[],
): readonly Cause[] {
  const requested = minus(usageOfObject(resource, after), before === undefined ? {} : usageOfObject(resource, before));
  const used = totalOf(stored.map((object) => usageOfObject(resource, object)));
  return quotas.flatMap(({ metadata, spec }) => {
    if (isScoped(spec)) return [];
    const answer = exceeded({ name: metadata.name, hard: amountsOf(spec.hard), used }, requested);
    if (answer === undefined) return [];
    const isStorage = answer.resources.some((name) => name.endsWith('requests.storage'));
    return [
      {
        reason: quotaReasons.exceeded,
        field: isStorage ? 'spec.resources.requests.storage' : '',
        message: answer.message,
        fix: `Delete what is not needed, or raise quota ${metadata.name}: ${neededText(answer)}.`,
        actions: [raiseQuota(metadata, answer)],
      },
    ];
  });
}

export interface QuotaContents extends ChargeFacts {
  /** Those of the project that have their place. */
  readonly machines: readonly VirtualMachineInstance[];
  readonly objects: (resource: ResourceId) => readonly KubeObject[];
}

/** What is named in `hard`, and nothing else, as Kubernetes keeps it. */
export function quotaStatus(quota: Pick<ResourceQuota, 'spec'>, contents: QuotaContents): NonNullable<ResourceQuota['status']> {
  const { hard = {} } = quota.spec;
  const names = Object.keys(hard);
  const objects = isScoped(quota.spec)
    ? []
    : countedKinds(names).flatMap((resource) => contents.objects(resource).map((object) => usageOfObject(resource, object)));
  const used: Amounts = totalOf([usedByMachines(quota, contents.machines, contents), ...objects]);
  return { hard: { ...hard }, used: Object.fromEntries(names.map((name) => [name, amountText(name, used[name] ?? 0)])) };
}
