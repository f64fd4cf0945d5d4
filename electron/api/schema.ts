// Owns strict decoding: whether a value has the shape that a kind's structural schema says, and where not.
// Must not know any kind, nor any rule beyond shape.
import type { Cause } from './errors.ts';
import { parseQuantity } from './quantity.ts';

/** The part of JSON Schema that structural schemas use. `x-kubernetes-*` as in CustomResourceDefinitions. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly minimum?: number;
  /** Text or number, as resource.Quantity. */
  readonly 'x-virtdeck-quantity'?: true;
  readonly 'x-kubernetes-int-or-string'?: true;
  /** Any JSON is taken as it is. */
  readonly 'x-kubernetes-preserve-unknown-fields'?: true;
}

export interface Schemas {
  readonly definitions: Readonly<Record<string, JsonSchema>>;
}

/** `#/definitions/V1CPU` → its schema. */
export function resolveRef(schemas: Schemas, schema: JsonSchema): JsonSchema {
  let found = schema;
  while (found.$ref !== undefined) {
    const name = decodeURIComponent(found.$ref.slice('#/definitions/'.length));
    const target = schemas.definitions[name];
    if (target === undefined) return {};
    found = target;
  }
  return found;
}

/**
 * Every place where `value` departs from the definition, each with its field path. Empty means: it has the shape.
 * Null counts as absent, as in Kubernetes. Unknown fields have reason `UnknownField`; the other reasons are
 * Kubernetes' CauseTypes and the texts are those of CustomResourceDefinitions.
 */
export function decode(schemas: Schemas, definition: string, value: unknown): readonly Cause[] {
  const causes: Cause[] = [];
  check({ schemas, causes }, { $ref: `#/definitions/${definition}` }, { value, path: '' });
  return causes;
}

interface Walk {
  readonly schemas: Schemas;
  readonly causes: Cause[];
}
interface Place {
  readonly value: unknown;
  readonly path: string;
}

function check(walk: Walk, given: JsonSchema, place: Place): void {
  if (place.value === null || place.value === undefined) return;
  const schema = resolveRef(walk.schemas, given);
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return;
  if (schema['x-virtdeck-quantity'] === true) return checkQuantity(walk, place);
  if (schema['x-kubernetes-int-or-string'] === true) {
    if (typeof place.value !== 'string' && !Number.isInteger(place.value)) walk.causes.push(wrongType(place, 'integer or string'));
    return;
  }
  switch (schema.type) {
    case 'object':
      return checkObject(walk, schema, place);
    case 'array':
      return checkArray(walk, schema, place);
    case 'string':
    case 'boolean':
      return typeof place.value === schema.type ? checkEnum(walk, schema, place) : void walk.causes.push(wrongType(place, schema.type));
    case 'integer':
    case 'number':
      return checkNumber(walk, schema, place);
    case undefined:
      return checkEnum(walk, schema, place);
  }
}

function checkObject(walk: Walk, schema: JsonSchema, { value, path }: Place): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    walk.causes.push(wrongType({ value, path }, 'object'));
    return;
  }
  const properties = schema.properties ?? {};
  for (const [name, child] of Object.entries(value)) {
    const childPath = path === '' ? name : joinPath(path, name);
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (known !== undefined) check(walk, known, { value: child, path: childPath });
    else if (typeof schema.additionalProperties === 'object') check(walk, schema.additionalProperties, { value: child, path: childPath });
    else if (schema.properties !== undefined && schema.additionalProperties !== true) {
      walk.causes.push(unknownField(childPath, name, Object.keys(properties)));
    }
  }
  for (const name of schema.required ?? []) {
    const given = (value as Readonly<Record<string, unknown>>)[name];
    if (given === undefined || given === null) {
      const field = path === '' ? name : joinPath(path, name);
      walk.causes.push({ reason: 'FieldValueRequired', field, message: `${field}: Required value`, fix: `Set ${field}.` });
    }
  }
}

function checkArray(walk: Walk, schema: JsonSchema, { value, path }: Place): void {
  if (!Array.isArray(value)) {
    walk.causes.push(wrongType({ value, path }, 'array'));
    return;
  }
  const items = schema.items;
  if (items === undefined) return;
  // A field that is null is absent; an item of a list cannot be.
  value.forEach((item, index) => {
    const at = { value: item, path: `${path}[${index}]` };
    if (item === null) walk.causes.push(wrongType(at, resolveRef(walk.schemas, items).type ?? 'object'));
    else check(walk, items, at);
  });
}

function checkNumber(walk: Walk, schema: JsonSchema, place: Place): void {
  const { value, path } = place;
  if (typeof value !== 'number' || !Number.isFinite(value) || (schema.type === 'integer' && !Number.isInteger(value))) {
    walk.causes.push(wrongType(place, schema.type ?? 'number'));
    return;
  }
  if (schema.minimum !== undefined && value < schema.minimum) {
    const message = `${path}: Invalid value: ${value}: ${path} in body should be greater than or equal to ${schema.minimum}`;
    walk.causes.push({ reason: 'FieldValueInvalid', field: path, message, fix: `Use ${schema.minimum} or more.` });
  }
  checkEnum(walk, schema, place);
}

function checkQuantity(walk: Walk, { value, path }: Place): void {
  const wrong = typeof value !== 'string' && typeof value !== 'number' ? 'quantities must be text or a number' : quantityError(value);
  if (wrong === undefined) return;
  walk.causes.push({
    reason: 'FieldValueInvalid',
    field: path,
    message: `${path}: Invalid value: ${JSON.stringify(value)}: ${wrong}`,
    fix: 'Write a number with an optional unit, such as 512Mi, 2Gi or 500m.',
  });
}

function quantityError(value: string | number): string | undefined {
  const parsed = parseQuantity(value);
  return parsed.ok ? undefined : parsed.error;
}

function checkEnum(walk: Walk, schema: JsonSchema, { value, path }: Place): void {
  const choices = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (choices === undefined || choices.includes(value)) return;
  const list = choices.map((choice) => JSON.stringify(choice)).join(', ');
  const message = `${path}: Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`;
  walk.causes.push({ reason: 'FieldValueNotSupported', field: path, message, fix: `Use one of ${list}.` });
}

function wrongType({ value, path }: Place, wanted: string): Cause {
  const found = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  const field = path === '' ? '<root>' : path;
  return {
    reason: 'FieldValueTypeInvalid',
    field,
    message: `${field}: Invalid value: ${JSON.stringify(found)}: ${field} in body must be of type ${wanted}: ${JSON.stringify(found)}`,
    fix: `Write ${wanted === 'integer' || wanted === 'array' || wanted === 'object' ? 'an' : 'a'} ${wanted}.`,
  };
}

function unknownField(field: string, name: string, known: readonly string[]): Cause {
  const near = nearest(name, known);
  const message = `unknown field ${JSON.stringify(field)}`;
  return { reason: 'UnknownField', field, message, fix: near === undefined ? 'Remove it.' : `Did you mean ${JSON.stringify(near)}?` };
}

/** Map keys that are no plain names are written in brackets: `metadata.labels[app.kubernetes.io/name]`. */
function joinPath(path: string, name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? `${path}.${name}` : `${path}[${name}]`;
}

/** The known name within two edits (transposition counts two), for a hint. Names above 64 characters get none. */
function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > 64) return undefined;
  const wanted = name.toLowerCase();
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(wanted, candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= 2)
    .toSorted((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate;
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(substitution, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 3;
}
