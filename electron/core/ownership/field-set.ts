// Owns sets of fields: their algebra, their form on the wire (Kubernetes' FieldsV1), and their names in messages.
// Must not know objects; fields.ts reads those.
import type { Json, JsonObject } from '../../api/object.ts';

/**
 * A tree of steps: `f:name` for a field, `k:{"name":"x"}` for an item of a list with keys, `v:"x"` for one of a set.
 * `self`: the field itself is a member, not only what is below it.
 */
export interface FieldSet {
  readonly self: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

export const noFields: FieldSet = { self: false, children: new Map() };
export const leaf: FieldSet = { self: true, children: new Map() };

export function isEmpty({ self, children }: FieldSet): boolean {
  return !self && children.size === 0;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map(a.children);
  for (const [step, child] of b.children) children.set(step, union(children.get(step) ?? noFields, child));
  return { self: a.self || b.self, children };
}

/** Members of `a` that are none of `b`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return { self: a.self && !b.self, children: childrenOf(a, (step, child) => difference(child, b.children.get(step) ?? noFields)) };
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return { self: a.self && b.self, children: childrenOf(a, (step, child) => intersection(child, b.children.get(step) ?? noFields)) };
}

function childrenOf({ children }: FieldSet, make: (step: string, child: FieldSet) => FieldSet): ReadonlyMap<string, FieldSet> {
  return new Map([...children].map(([step, child]) => [step, make(step, child)] as const).filter(([, child]) => !isEmpty(child)));
}

export function sameFields(a: FieldSet, b: FieldSet): boolean {
  return isEmpty(difference(a, b)) && isEmpty(difference(b, a));
}

/** The set of one field, from its names. */
export function field(...names: readonly string[]): FieldSet {
  return names.reduceRight((below, name) => ({ self: false, children: new Map([[`f:${name}`, below]]) }), leaf);
}

/** `.spec.template.spec.volumes[name="root"].name`, as Kubernetes prints paths. */
export function fieldPaths(set: FieldSet, prefix = ''): readonly string[] {
  const own = set.self ? [prefix] : [];
  return [...own, ...[...set.children].flatMap(([step, child]) => fieldPaths(child, prefix + stepText(step)))];
}

function stepText(step: string): string {
  const rest = step.slice(2);
  switch (step[0]) {
    case 'f':
      return `.${rest}`;
    case 'k':
      return `[${Object.entries(JSON.parse(rest) as JsonObject)
        .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
        .join(',')}]`;
    case 'v':
      return `[=${rest}]`;
    default:
      return `[${rest}]`;
  }
}

/** FieldsV1: an empty object is a member; `.` marks a member that has others below it. */
export function fieldsV1({ self, children }: FieldSet): JsonObject {
  const below = [...children].map(([step, child]) => [step, fieldsV1(child)] as const).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(self && children.size > 0 ? [['.', {}], ...below] : below);
}

/** Undefined when it is no FieldsV1. */
export function fieldSetOf(value: Json | undefined): FieldSet | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  const children = new Map<string, FieldSet>();
  for (const [step, below] of entries) {
    if (step === '.') continue;
    const child = isStep(step) ? fieldSetOf(below) : undefined;
    if (child === undefined) return undefined;
    children.set(step, child);
  }
  return { self: entries.length === 0 || Object.hasOwn(value, '.'), children };
}

function isStep(step: string): boolean {
  if (/^[fi]:/.test(step)) return true;
  if (!/^[kv]:/.test(step)) return false;
  try {
    const value: unknown = JSON.parse(step.slice(2));
    return step.startsWith('v:') || (typeof value === 'object' && value !== null);
  } catch {
    return false;
  }
}
