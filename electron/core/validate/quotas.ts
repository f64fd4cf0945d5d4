// Owns the rules of ResourceQuota and LimitRange.
// Must not judge what they are about.
import type { LimitRange, LimitRangeItem } from '../../api/kinds/limit-range.ts';
import type { ResourceQuota } from '../../api/kinds/resource-quota.ts';
import { knownScopes } from '../quota/scopes.ts';
import { isWhole, nanoOf, shown } from './amounts.ts';
import { type Rule, invalid, notSupported } from './rule.ts';

type QuotaDraft = Pick<ResourceQuota, 'spec'>;

const amounts: Rule<QuotaDraft> = ({ spec }) =>
  Object.entries(spec.hard ?? {}).flatMap(([name, text]) => {
    const field = `spec.hard[${name}]`;
    if (nanoOf(text) < 0n)
      return [invalid(field, `Invalid value: "${shown(text)}": must be greater than or equal to 0`, 'Use a number from 0.')];
    const isCpu = /^(requests\.|limits\.)?cpu$/.test(name);
    return isCpu || isWhole(text) ? [] : [invalid(field, `Invalid value: "${shown(text)}": must be an integer`, 'Use a whole number.')];
  });

/** A scope that is not understood would leave a quota that limits the wrong machines: it is refused instead. */
const scopes: Rule<QuotaDraft> = ({ spec }) => {
  const named = [
    ...(spec.scopes ?? []).map((scope, index) => ({ scope, field: `spec.scopes[${index}]` })),
    ...(spec.scopeSelector?.matchExpressions ?? []).map(({ scopeName }, index) => ({
      scope: scopeName,
      field: `spec.scopeSelector.matchExpressions[${index}].scopeName`,
    })),
  ];
  return named
    .filter(({ scope }) => !knownScopes.includes(scope))
    .map(({ scope, field }) =>
      notSupported(
        field,
        `Unsupported value: "${scope}": supported values: ${knownScopes.map((name) => `"${name}"`).join(', ')}`,
        'Machines of this computer have these scopes alone.',
      ),
    );
};

export const quotaRules: readonly Rule<QuotaDraft>[] = [amounts, scopes];

type RangeDraft = Pick<LimitRange, 'spec'>;

const rangeTypes = ['Container', 'Pod', 'PersistentVolumeClaim'];

const types: Rule<RangeDraft> = ({ spec }) =>
  spec.limits.flatMap(({ type }, index) =>
    rangeTypes.includes(type)
      ? []
      : [
          notSupported(
            `spec.limits[${index}].type`,
            `Unsupported value: "${type}": supported values: ${rangeTypes.map((name) => `"${name}"`).join(', ')}`,
            'Container and Pod both mean a machine here.',
          ),
        ],
  );

/** In this order no amount may be above a later one. */
const ascending = ['min', 'defaultRequest', 'default', 'max'] as const;

const order: Rule<RangeDraft> = ({ spec }) =>
  spec.limits.flatMap((item, index) =>
    ascending.flatMap((low, at) => ascending.slice(at + 1).flatMap((high) => disorder(item, { low, high, path: `spec.limits[${index}]` }))),
  );

interface Pair {
  readonly low: (typeof ascending)[number];
  readonly high: (typeof ascending)[number];
  readonly path: string;
}

function disorder(item: LimitRangeItem, { low, high, path }: Pair): ReturnType<Rule<RangeDraft>> {
  return Object.entries(item[low] ?? {}).flatMap(([name, text]) => {
    const other = item[high]?.[name];
    if (other === undefined || nanoOf(text) <= nanoOf(other)) return [];
    const message = `Invalid value: "${shown(text)}": ${low} value ${shown(text)} is greater than ${high} value ${shown(other)}`;
    return [invalid(`${path}.${low}[${name}]`, message, 'Lower the one or raise the other.')];
  });
}

export const limitRangeRules: readonly Rule<RangeDraft>[] = [types, order];
