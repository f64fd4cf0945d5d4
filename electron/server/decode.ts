// Owns turning a plain value into a draft of a kind: right type, no unknown field, or a refusal that names each field.
// Must not default or judge values; core does.
import { AppError, type Cause } from '../api/errors.ts';
import { apiVersionOf, type Kind, resourceId } from '../api/kinds/kind.ts';
import type { DraftObject, Json, JsonObject } from '../api/object.ts';
import { withoutField, withoutNulls } from '../api/json-fields.ts';
import { decode, type Schemas } from '../api/schema.ts';
import type { Body } from './body.ts';
import { isList, isObject } from './json-value.ts';
import { inItsPlace } from './older-shapes.ts';
import { isKubernetesOwn } from './object-target.ts';
import { choice } from './query.ts';

/** Kubernetes' fieldValidation. Strict is the default here for every client. */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export interface Decoded {
  readonly draft: DraftObject;
  /** Lines for Warning headers. */
  readonly warnings: readonly string[];
}

export function fieldValidation(query: URLSearchParams): FieldValidation {
  return choice(query, 'fieldValidation', ['Strict', 'Warn', 'Ignore']) ?? 'Strict';
}

export interface Decoder {
  readonly schemas: Schemas;
  readonly kind: Kind;
  readonly validation: FieldValidation;
  /** What is required may be missing: the rest of the object has it. */
  readonly partial?: boolean;
}

/** Throws BadRequest for another type or an unknown field, Invalid for a field of the wrong type. */
export function decodeDraft(decoder: Decoder, { value, duplicates }: Body): Decoded {
  const { schemas, validation, partial = false } = decoder;
  const kind = decoder.kind.stored ?? decoder.kind;
  const { value: given, warnings: read } = inItsPlace(kind, typed(kind, withoutNulls(asObject(value))), { partial });
  checkType(kind, given);
  const causes = [...duplicates.map(duplicate), ...decode(schemas, kind.schema, given)];
  const unknown = causes.filter(({ reason }) => reason === 'UnknownField' || reason === 'DuplicateField');
  const wrong = causes.filter((cause) => !unknown.includes(cause) && !(partial && cause.reason === 'FieldValueRequired'));
  if (validation === 'Strict' && unknown.length > 0) {
    const message = `strict decoding error: ${unknown.map((cause) => cause.message).join(', ')}`;
    throw new AppError('BadRequest', message, { causes: [...unknown, ...wrong] });
  }
  if (wrong.length > 0) throw invalid(kind, nameOf(given), wrong);
  const draft = unknown.reduce<JsonObject>(
    (rest, { field, reason }) => (reason === 'UnknownField' ? withoutField(rest, field) : rest),
    given,
  );
  return {
    draft: { metadata: {}, ...draft } as unknown as DraftObject,
    warnings: [...read, ...(validation === 'Warn' ? unknown.map((cause) => cause.message) : [])],
  };
}

/** What came of a part that was applied. Throws Invalid; its unknown fields were refused before. */
export function checkWhole({ schemas, kind }: Pick<Decoder, 'schemas' | 'kind'>, whole: DraftObject): void {
  const wrong = decode(schemas, kind.schema, whole).filter(({ reason }) => reason !== 'UnknownField');
  if (wrong.length > 0) throw invalid(kind, whole.metadata.name ?? '', wrong);
}

/** Kubernetes' 422: `VirtualMachine.kubevirt.io "web" is invalid: …`. */
export function invalid(kind: Kind, name: string, causes: readonly Cause[]): AppError {
  const list = causes.map((cause) => cause.message);
  const named = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  const text = list.length === 1 ? list[0] : `[${list.join(', ')}]`;
  return new AppError('Invalid', `${named} ${JSON.stringify(name)} is invalid: ${text}`, { causes });
}

function nameOf({ metadata }: JsonObject): string {
  const name = isObject(metadata) ? metadata['name'] : undefined;
  return typeof name === 'string' ? name : '';
}

function duplicate(field: string): Cause {
  return { reason: 'DuplicateField', field, message: `duplicate field ${JSON.stringify(field)}`, fix: 'Keep one of them.' };
}

function asObject(value: Json): JsonObject {
  if (isObject(value)) return value;
  const found = isList(value) ? 'a list' : JSON.stringify(value).slice(0, 40);
  throw mistyped('<root>', `an object is expected, not ${found}`, 'Send one object with apiVersion, kind and metadata.');
}

/** Typed clients leave out what the path says already; a cluster adds it for the kinds it has compiled in. */
function typed(kind: Kind, given: JsonObject): JsonObject {
  return isKubernetesOwn(kind) ? { apiVersion: apiVersionOf(kind), kind: kind.kind, ...given } : given;
}

function checkType(kind: Kind, given: JsonObject): void {
  const wanted = { apiVersion: apiVersionOf(kind), kind: kind.kind };
  for (const field of ['apiVersion', 'kind'] as const) {
    const found = given[field];
    if (found === undefined) throw mistyped(field, `Object '${field}' is missing`, `Set ${field} to ${wanted[field]}.`);
    if (found !== wanted[field]) {
      const message = `the ${field} in the data (${JSON.stringify(found)}) does not match the expected ${field} (${wanted[field]})`;
      throw mistyped(field, message, `Set ${field} to ${wanted[field]}, or send it to the path of its own kind.`);
    }
  }
  if (given['metadata'] !== undefined && !isObject(given['metadata'])) {
    throw mistyped('metadata', 'metadata must be an object', `Give ${resourceId(kind)} a metadata.name.`);
  }
}

function mistyped(field: string, message: string, fix: string): AppError {
  return new AppError('BadRequest', message, { causes: [{ reason: 'FieldValueInvalid', field, message, fix }] });
}
