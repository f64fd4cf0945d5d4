// Owns reading an object that a typed client sent as protobuf: the JSON that the same client would have sent.
// Must not judge the object; it is decoded like any other afterwards.
import protobuf, { type Field, type Message, type Type } from 'protobufjs';
import { AppError } from '../../api/errors.ts';
import type { Json, JsonObject } from '../../api/object.ts';
import { kubernetesMessages, messagesOf } from './kubernetes-messages.ts';

const { root } = protobuf.parse(kubernetesMessages, { keepCase: true });

/** Every body begins with this, so that nothing else is taken for one. */
const magic = Buffer.from('k8s\u0000');

/** Throws BadRequest, or UnsupportedMediaType for a kind that comes as JSON only. */
export function objectOfProtobuf(bytes: Uint8Array): Json {
  if (!magic.equals(bytes.subarray(0, magic.length))) throw badBody('it does not begin with k8s');
  const envelope = jsonOf(root.lookupType('Unknown'), decoded('Unknown', bytes.subarray(magic.length)));
  const { apiVersion, kind } = (envelope['typeMeta'] ?? {}) as { readonly apiVersion?: string; readonly kind?: string };
  if (apiVersion === undefined || kind === undefined) throw badBody('it does not say which kind it is');
  if (kind !== 'DeleteOptions' && messagesOf[apiVersion]?.includes(kind) !== true) {
    throw new AppError('UnsupportedMediaType', `${kind} of ${apiVersion} is not read as protobuf. Send application/json.`);
  }
  const raw = envelope['raw'];
  return { apiVersion, kind, ...jsonOf(root.lookupType(kind), decoded(kind, Buffer.from(typeof raw === 'string' ? raw : '', 'base64'))) };
}

function decoded(type: string, bytes: Uint8Array): Message {
  try {
    return root.lookupType(type).decode(bytes);
  } catch (error) {
    throw badBody(error instanceof Error ? error.message : String(error));
  }
}

function badBody(why: string): AppError {
  const message = `the body is no object in protobuf: ${why}`;
  return new AppError('BadRequest', message, {
    causes: [{ reason: 'FieldValueInvalid', field: '<root>', message, fix: 'Send application/json.' }],
  });
}

function jsonOf(type: Type, message: Message): JsonObject {
  const given = message as unknown as Readonly<Record<string, unknown>>;
  const entries = type.fieldsArray.flatMap((field): (readonly [string, Json])[] => {
    if (!Object.hasOwn(given, field.name)) return [];
    const value = fieldOf(field, given[field.name]);
    return value === undefined ? [] : [[field.name, value]];
  });
  return Object.fromEntries(entries);
}

/** Undefined for what Go's JSON would leave out. */
function fieldOf(field: Field, value: unknown): Json | undefined {
  if (field.map) {
    const entries = Object.entries(value as object).map(([name, each]) => [name, valueOf(field, each) ?? null] as const);
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }
  if (field.repeated) {
    const items = (value as readonly unknown[]).map((item) => valueOf(field, item) ?? null);
    return items.length === 0 ? undefined : items;
  }
  const json = valueOf(field, value);
  const isPointer = field.options?.['proto3_optional'] === true;
  return isPointer || !isZero(json) ? json : undefined;
}

function isZero(value: Json | undefined): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === '' || value === 0 || value === false;
}

function valueOf(field: Field, value: unknown): Json | undefined {
  const type = field.resolve().resolvedType;
  if (type !== null && 'fieldsArray' in type) return messageOf(type, value as Message);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  // 64 bits come as an object where the package `long` is there.
  return Number(value);
}

function messageOf(type: Type, message: Message): Json | undefined {
  const given = message as unknown as Readonly<Record<string, unknown>>;
  switch (type.name) {
    case 'Time':
    case 'MicroTime':
      return timeOf(Number(given['seconds'] ?? 0), Number(given['nanos'] ?? 0), type.name);
    case 'Quantity':
      return typeof given['string'] === 'string' ? given['string'] : '0';
    case 'FieldsV1':
      return fieldsOf(given['Raw']);
    default:
      return jsonOf(type, message);
  }
}

/** The zero time of Go is an empty message. */
function timeOf(seconds: number, nanos: number, type: 'Time' | 'MicroTime'): string | undefined {
  if (seconds === 0 && nanos === 0) return undefined;
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  return type === 'Time' ? `${text}Z` : `${text}.${String(Math.trunc(nanos / 1000)).padStart(6, '0')}Z`;
}

function fieldsOf(raw: unknown): Json {
  try {
    return JSON.parse(Buffer.from(raw as Uint8Array).toString('utf8')) as Json;
  } catch {
    throw badBody('fieldsV1 is not JSON');
  }
}
