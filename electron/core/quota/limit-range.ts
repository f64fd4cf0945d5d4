// Owns what LimitRanges do: amounts for machines that name none, and the bounds of one machine or claim.
// Must not add anything up; quotas do.
import type { Cause } from '../../api/errors.ts';
import type { LimitRange, LimitRangeItem } from '../../api/kinds/limit-range.ts';
import { type Amounts, amountOf, amountText, amountsOf } from '../placement/amounts.ts';
import type { Charge } from '../placement/charge.ts';
import type { QuotaFinding } from './quota-finding.ts';
import { quotaReasons } from './reasons.ts';

type List = Readonly<Record<string, string>>;

/** Kubernetes' defaulting of the object itself: a container without a limit gets the most it may have. */
export function completedItem(item: LimitRangeItem): LimitRangeItem {
  if (item.type !== 'Container') return item;
  const limit = { ...item.max, ...item.default };
  const request = { ...item.min, ...limit, ...item.defaultRequest };
  return {
    ...item,
    ...(Object.keys(limit).length === 0 ? {} : { default: limit }),
    ...(Object.keys(request).length === 0 ? {} : { defaultRequest: request }),
  };
}

export interface RangeDefaults {
  readonly limits: List;
  readonly requests: List;
}

/** What the project's ranges give to a machine that names none. */
export function rangeDefaults(ranges: readonly LimitRange[]): RangeDefaults {
  const items = ranges.flatMap(({ spec }) => spec.limits).filter(({ type }) => type === 'Container');
  return { limits: firstOf(items.map((item) => item.default)), requests: firstOf(items.map(({ defaultRequest }) => defaultRequest)) };
}

/** Of memory and cpu: no other resource of a machine has a default. */
function firstOf(lists: readonly (List | undefined)[]): List {
  const all = Object.assign({}, ...lists.toReversed()) as List;
  return Object.fromEntries(['memory', 'cpu'].flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
}

/** Kubernetes' sentences for a pod of one container, all of them. */
export function machineRangeFindings(charge: Charge, ranges: readonly LimitRange[]): readonly QuotaFinding[] {
  return itemsOf(ranges, ['Container', 'Pod']).flatMap(({ item, range }) =>
    sentences(item, charge).map(({ resource, said, message }) => ({
      resources: [resource],
      cause: {
        reason: quotaReasons.limitRange,
        field: `spec.domain.resources.${said}.${resource}`,
        message,
        fix: `Change the machine, or LimitRange ${range}. Amounts are those of the guest and what runs it.`,
      },
    })),
  );
}

/** The size of a claim: Kubernetes knows a minimum and a maximum of it. */
export function claimRangeCauses(storage: string | undefined, ranges: readonly LimitRange[]): readonly Cause[] {
  const asked = storage === undefined ? {} : amountsOf({ storage });
  return itemsOf(ranges, ['PersistentVolumeClaim']).flatMap(({ item: { type, min, max }, range }) =>
    [...minimums({ type, ...storageOf('min', min) }, asked, {}), ...maximums({ type, ...storageOf('max', max) }, {}, asked)].map(
      ({ message }) => ({
        reason: quotaReasons.limitRange,
        field: 'spec.resources.requests.storage',
        // A claim has no limit: Kubernetes says request of both.
        message: message.replace('but limit is', 'but request is'),
        fix: `Choose another size, or change LimitRange ${range}.`,
      }),
    ),
  );
}

function storageOf(name: 'min' | 'max', list: List | undefined): Partial<LimitRangeItem> {
  return list?.['storage'] === undefined ? {} : { [name]: { storage: list['storage'] } };
}

function itemsOf(ranges: readonly LimitRange[], types: readonly string[]): readonly { item: LimitRangeItem; range: string }[] {
  return ranges.flatMap(({ metadata, spec }) =>
    spec.limits.filter(({ type }) => types.includes(type)).map((item) => ({ item, range: metadata.name })),
  );
}

interface Sentence {
  readonly resource: string;
  readonly said: 'requests' | 'limits';
  readonly message: string;
}

function sentences(item: LimitRangeItem, { requests, limits }: Charge): readonly Sentence[] {
  return [...minimums(item, requests, limits), ...maximums(item, requests, limits), ...ratios(item, requests, limits)];
}

function minimums({ type, min = {} }: LimitRangeItem, requests: Amounts, limits: Amounts): readonly Sentence[] {
  return Object.entries(min).flatMap(([resource, text]): readonly Sentence[] => {
    const least = amountOf(resource, text) ?? 0;
    const start = `minimum ${resource} usage per ${type} is ${text}`;
    const [request, limit] = [requests[resource], limits[resource]];
    if (request === undefined) return [{ resource, said: 'requests', message: `${start}.  No request is specified` }];
    return [
      ...(request < least ? [below('requests', request)] : []),
      ...(limit !== undefined && limit < least ? [below('limits', limit)] : []),
    ];
    function below(said: Sentence['said'], amount: number): Sentence {
      return { resource, said, message: `${start}, but ${said === 'requests' ? 'request' : 'limit'} is ${amountText(resource, amount)}` };
    }
  });
}

function maximums({ type, max = {} }: LimitRangeItem, requests: Amounts, limits: Amounts): readonly Sentence[] {
  return Object.entries(max).flatMap(([resource, text]): readonly Sentence[] => {
    const most = amountOf(resource, text) ?? 0;
    const start = `maximum ${resource} usage per ${type} is ${text}`;
    const [request, limit] = [requests[resource], limits[resource]];
    if (limit === undefined) return [{ resource, said: 'limits', message: `${start}.  No limit is specified` }];
    if (limit > most) return [{ resource, said: 'limits', message: `${start}, but limit is ${amountText(resource, limit)}` }];
    if (request !== undefined && request > most) {
      return [{ resource, said: 'requests', message: `${start}, but request is ${amountText(resource, request)}` }];
    }
    return [];
  });
}

function ratios({ type, maxLimitRequestRatio = {} }: LimitRangeItem, requests: Amounts, limits: Amounts): readonly Sentence[] {
  return Object.entries(maxLimitRequestRatio).flatMap(([resource, text]): readonly Sentence[] => {
    const start = `${resource} max limit to request ratio per ${type} is ${text}, but`;
    const [request, limit] = [requests[resource], limits[resource]];
    if (request === undefined || request === 0) {
      return [{ resource, said: 'requests', message: `${start} no request is specified or request is 0` }];
    }
    if (limit === undefined || limit === 0) {
      return [{ resource, said: 'limits', message: `${start} no limit is specified or limit is 0` }];
    }
    // A ratio is a number of the same resource's notation: for cpu, in thousandths like the amounts.
    const most = (amountOf('cpu', text) ?? 0) / 1000;
    if (limit / request <= most) return [];
    return [{ resource, said: 'limits', message: `${start} provided ratio is ${(limit / request).toFixed(6)}` }];
  });
}
