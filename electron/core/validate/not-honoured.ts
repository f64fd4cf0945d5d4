// Owns finding what a definition asks for and this computer does not give, so that it is said and never silently dropped.
// Must not refuse it: on a cluster the same field has its effect.
import type { Cause } from '../../api/errors.ts';
import type { VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachineSpec } from '../../api/kinds/virtual-machine.ts';
import {
  annotationReasons,
  defaultReason,
  honouredFields,
  honouredMachineFields,
  machineReasons,
  reasonsNotHonoured,
} from './honoured-fields.ts';

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

/** The same for a VirtualMachine: its template's paths, and its own. */
export function machineNotHonoured(spec: VirtualMachineSpec): Cause[] {
  const own = Object.entries(spec)
    .filter(([name, value]) => value !== undefined && value !== null && !honouredMachineFields.includes(name))
    .map(([name]) => ({ reason: 'NotHonoured', field: `spec.${name}`, message: machineReasons.get(name) ?? defaultReason }));
  const { metadata, spec: template } = spec.template;
  return [
    ...own,
    ...annotationsNotHonoured(metadata?.annotations, 'spec.template.metadata'),
    ...(template === undefined ? [] : notHonoured(template, 'spec.template.spec')),
  ];
}

/** `path` is where the metadata stands. */
export function annotationsNotHonoured(annotations: Readonly<Record<string, string>> = {}, path: string): Cause[] {
  return Object.keys(annotations).flatMap((name) => {
    const message = annotationReasons.get(name);
    return message === undefined ? [] : [{ reason: 'NotHonoured', field: `${path}.annotations[${name}]`, message }];
  });
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
  if (isOff(value) || isHonoured(place.pattern, value)) return [];
  const mayHoldHonoured = typeof value === 'object' && value !== null && honouredFields.some((known) => liesBelow(known, place.pattern));
  if (mayHoldHonoured) return entriesBelow(value, place);
  return [{ reason: 'NotHonoured', field: place.field, message: reasonFor(place.pattern) }];
}

function isOff(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  return typeof value === 'object' && 'enabled' in value && value.enabled === false;
}

function isHonoured(pattern: string, value: unknown): boolean {
  const alone = typeof value === 'string' || typeof value === 'boolean' ? `${pattern}=${value}` : undefined;
  return honouredFields.some(
    (known) => known === pattern || known === alone || (known.endsWith('.**') && liesBelow(pattern, known.slice(0, -3))),
  );
}

function liesBelow(pattern: string, parent: string): boolean {
  return pattern.startsWith(`${parent}.`) || pattern.startsWith(`${parent}[]`);
}

function reasonFor(pattern: string): string {
  const fitting = Object.keys(reasonsNotHonoured).filter((path) => path === pattern || liesBelow(pattern, path));
  const longest = fitting.toSorted((a, b) => b.length - a.length)[0];
  return longest === undefined ? defaultReason : (reasonsNotHonoured[longest] ?? defaultReason);
}
