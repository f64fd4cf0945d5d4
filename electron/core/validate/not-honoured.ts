// Owns finding what a definition asks for and this computer does not give, so that it is said and never silently dropped.
// Must not refuse it: on a cluster the same field has its effect.
import type { Cause } from '../../api/errors.ts';
import type { VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';
import { defaultReason, honouredFields, reasonsNotHonoured } from './honoured-fields.ts';

interface Place {
  /** As shown: `spec.volumes[0].name`. */
  readonly field: string;
  /** As listed: `volumes[].name`. */
  readonly pattern: string;
}

/** Every set path below `spec` without an effect here, in order of appearance, the topmost of each branch once. */
export function notHonoured(spec: VirtualMachineInstanceSpec, prefix: string): Cause[] {
  return entriesBelow(spec, { field: prefix, pattern: '' });
}

function entriesBelow(value: object, place: Place): Cause[] {
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => found(item, { field: `${place.field}[${index}]`, pattern: `${place.pattern}[]` }));
  }
  return Object.entries(value).flatMap(([name, item]: [string, unknown]) =>
    found(item, { field: `${place.field}.${name}`, pattern: place.pattern === '' ? name : `${place.pattern}.${name}` }),
  );
}

function found(value: unknown, place: Place): Cause[] {
  // What is switched off needs nobody to honour it.
  if (value === undefined || value === null || value === false || isHonoured(place.pattern)) return [];
  const mayHoldHonoured = typeof value === 'object' && honouredFields.some((known) => liesBelow(known, place.pattern));
  if (mayHoldHonoured) return entriesBelow(value, place);
  return [{ reason: 'NotHonoured', field: place.field, message: reasonFor(place.pattern) }];
}

function isHonoured(pattern: string): boolean {
  return honouredFields.some((known) => known === pattern || (known.endsWith('.**') && liesBelow(pattern, known.slice(0, -3))));
}

function liesBelow(pattern: string, parent: string): boolean {
  return pattern.startsWith(`${parent}.`) || pattern.startsWith(`${parent}[]`);
}

function reasonFor(pattern: string): string {
  const fitting = Object.keys(reasonsNotHonoured).filter((path) => path === pattern || liesBelow(pattern, path));
  const longest = fitting.toSorted((a, b) => b.length - a.length)[0];
  return longest === undefined ? defaultReason : (reasonsNotHonoured[longest] ?? defaultReason);
}
