// Owns the small readers that printer columns and field selectors are made of.
// Must not know any particular kind.
import type { Condition, KubeObject } from '../object.ts';
import type { Column } from './kind.ts';

/** Reads `status.interfaces[0].ipAddress` and the like; undefined when any step is missing or the end is no scalar. */
export function valueAt(object: KubeObject, path: string): string | number | boolean | undefined {
  let value: unknown = object;
  for (const step of path.split(/[.[\]]+/)) {
    if (step === '') continue;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

/** `True`, `False`, `Unknown`, or undefined when the condition is not there. */
export function conditionStatus(object: KubeObject, type: string): Condition['status'] | undefined {
  const conditions = (object.status as { readonly conditions?: readonly Condition[] } | undefined)?.conditions;
  return conditions?.find((condition) => condition.type === type)?.status;
}

/** A column that prints the scalar at `path`. */
export function fieldColumn(name: string, path: string, more: Partial<Pick<Column, 'type' | 'description' | 'priority'>> = {}): Column {
  return { name, type: 'string', description: path, priority: 0, ...more, value: (object) => valueAt(object, path) };
}

/** A column that prints the status of a condition. */
export function conditionColumn(name: string, type: string, priority: Column['priority'] = 0): Column {
  return {
    name,
    type: 'string',
    description: `Status of the condition ${type}.`,
    priority,
    value: (object) => conditionStatus(object, type),
  };
}

export const nameColumn: Column = fieldColumn('Name', 'metadata.name', { description: 'Unique within its project.' });
export const ageColumn: Column = fieldColumn('Age', 'metadata.creationTimestamp', {
  type: 'date',
  description: 'Time since it was created.',
});
