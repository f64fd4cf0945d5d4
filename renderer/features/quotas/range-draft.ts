// Owns a LimitRange as rows that are typed in, and back: a row for each type and resource.
// Must not apply it; the core does.
import type { LimitRange, LimitRangeItem } from '../../../electron/api/kinds/limit-range.ts';
import type { DraftObject, JsonObject } from '../../../electron/api/object.ts';
import { isAmount } from './quota-draft.ts';

const parts = ['min', 'max', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;
export type RangePart = (typeof parts)[number];
export type RangeRow = Readonly<Record<'type' | 'resource' | RangePart, string>>;

export const rangeParts: readonly RangePart[] = parts;
export const rangeTypes = ['Container', 'Pod', 'PersistentVolumeClaim'] as const;
export const rangeResources = ['cpu', 'memory', 'storage'] as const;

export const newRange: RangeRow = {
  type: 'Container',
  resource: 'memory',
  min: '',
  max: '',
  default: '',
  defaultRequest: '',
  maxLimitRequestRatio: '',
};

export function rangeRows({ spec }: LimitRange): readonly RangeRow[] {
  return spec.limits.flatMap((item) => {
    const resources = new Set(parts.flatMap((part) => Object.keys(item[part] ?? {})));
    return [...resources].map((resource) => {
      const texts = Object.fromEntries(parts.map((part) => [part, item[part]?.[resource] ?? '']));
      return { ...newRange, ...texts, type: item.type, resource };
    });
  });
}

/** Kubernetes has defaults of containers alone, and of a claim no more than its size. */
export function hasPart({ type, resource }: RangeRow, part: RangePart): boolean {
  if (type === 'PersistentVolumeClaim') return resource === 'storage' && (part === 'min' || part === 'max');
  return type === 'Container' || (part !== 'default' && part !== 'defaultRequest');
}

export function isRange(row: RangeRow): boolean {
  const said = parts.filter((part) => row[part].trim() !== '');
  const isPlaced = (row.type === 'PersistentVolumeClaim') === (row.resource === 'storage');
  return isPlaced && said.length > 0 && said.every((part) => hasPart(row, part) && isAmount(row.resource, row[part]));
}

export function areRanges(rows: readonly RangeRow[]): boolean {
  const names = new Set(rows.map(({ type, resource }) => `${type} ${resource}`));
  return rows.length > 0 && names.size === rows.length && rows.every(isRange);
}

/** One item for each type, as Kubernetes has it. */
function limitsOf(rows: readonly RangeRow[]): readonly LimitRangeItem[] {
  return [...new Set(rows.map(({ type }) => type))].map((type) => {
    const own = rows.filter((row) => row.type === type);
    const lists = parts.map((part) => [
      part,
      Object.fromEntries(own.flatMap((row) => (row[part].trim() === '' ? [] : [[row.resource, row[part].trim()]]))),
    ]);
    return { type, ...Object.fromEntries(lists.filter(([, list]) => Object.keys(list ?? {}).length > 0)) };
  });
}

export function rangeDraft(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  rows: readonly RangeRow[],
): DraftObject {
  return { apiVersion: 'v1', kind: 'LimitRange', metadata: { namespace, name }, ...rangePatch(rows) };
}

/** A merge patch replaces a list whole. */
export function rangePatch(rows: readonly RangeRow[]): JsonObject {
  return { spec: { limits: limitsOf(rows).map((item) => ({ ...item })) } };
}
