// Owns the reading of QEMU's own schema (query-qmp-schema): which part a command needs, and whether a value fits it.
// Must not know any particular option.
import type { Json, JsonObject } from '../../electron/api/object.ts';

/** One entry of query-qmp-schema (docs/devel/qapi-code-gen.rst, "Client JSON Protocol introspection"). */
type SchemaType =
  | { readonly 'meta-type': 'builtin'; readonly name: string; readonly 'json-type': string }
  | { readonly 'meta-type': 'enum'; readonly name: string; readonly values: readonly string[] }
  | { readonly 'meta-type': 'array'; readonly name: string; readonly 'element-type': string }
  | {
      readonly 'meta-type': 'object';
      readonly name: string;
      readonly members: readonly { readonly name: string; readonly type: string; readonly default?: Json }[];
      readonly tag?: string;
      readonly variants?: readonly { readonly case: string; readonly type: string }[];
    }
  | { readonly 'meta-type': 'alternate'; readonly name: string; readonly members: readonly { readonly type: string }[] }
  | { readonly 'meta-type': 'command'; readonly name: string; readonly 'arg-type': string; readonly 'ret-type': string };

export type QmpSchema = ReadonlyMap<string, SchemaType>;

export function qmpSchema(reply: Json | undefined): QmpSchema {
  const types = reply as unknown as readonly SchemaType[];
  return new Map(types.map((type) => [type.name, type]));
}

/** The entries that the arguments of `commands` are made of: a tenth of the whole. */
export function reachableSchema(reply: Json, commands: readonly string[]): Json {
  const schema = qmpSchema(reply);
  const reached = new Set<string>();
  const pending = [...commands];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const type = schema.get(name);
    if (type === undefined || reached.has(name)) continue;
    reached.add(name);
    pending.push(...references(type));
  }
  return (reply as readonly JsonObject[]).filter(({ name }) => typeof name === 'string' && reached.has(name));
}

function references(type: SchemaType): readonly string[] {
  switch (type['meta-type']) {
    case 'builtin':
    case 'enum':
      return [];
    case 'array':
      return [type['element-type']];
    case 'object':
      return [...type.members, ...(type.variants ?? [])].map((member) => member.type);
    case 'alternate':
      return type.members.map((member) => member.type);
    case 'command':
      return [type['arg-type']];
  }
}

/** What is wrong with `value` as the arguments of `command`; empty when QEMU's own schema accepts it. */
export function schemaFaults(schema: QmpSchema, command: string, value: Json): readonly string[] {
  const type = schema.get(command);
  if (type?.['meta-type'] !== 'command') return [`no command ${command}`];
  return faults(schema, type['arg-type'], { value, path: command });
}

interface At {
  readonly value: Json | undefined;
  readonly path: string;
}

function faults(schema: QmpSchema, typeName: string, at: At): readonly string[] {
  const type = schema.get(typeName);
  if (type === undefined) return [`${at.path}: type ${typeName} was not recorded`];
  switch (type['meta-type']) {
    case 'builtin':
      return fitsBuiltin(type['json-type'], at.value) ? [] : [`${at.path}: ${JSON.stringify(at.value)} is no ${type['json-type']}`];
    case 'enum':
      return type.values.some((known) => known === at.value)
        ? []
        : [`${at.path}: ${JSON.stringify(at.value)} is none of ${type.values.join(', ')}`];
    case 'array':
      if (!Array.isArray(at.value)) return [`${at.path}: no array`];
      return at.value.flatMap((value, index) => faults(schema, type['element-type'], { value, path: `${at.path}[${index}]` }));
    case 'alternate': {
      const tried = type.members.map((member) => faults(schema, member.type, at));
      return tried.some((found) => found.length === 0) ? [] : [`${at.path}: fits no alternative (${tried.flat().join('; ')})`];
    }
    case 'object':
      return objectFaults(schema, type, at);
    case 'command':
      return [`${at.path}: ${typeName} is a command`];
  }
}

function objectFaults(schema: QmpSchema, type: Extract<SchemaType, { 'meta-type': 'object' }>, at: At): readonly string[] {
  if (typeof at.value !== 'object' || at.value === null || Array.isArray(at.value)) return [`${at.path}: no object`];
  const given = at.value as JsonObject;
  const members = allMembers(schema, type, given);
  const unknown = Object.keys(given).filter((key) => !members.some(({ name }) => name === key));
  return [
    ...unknown.map((key) => `${at.path}.${key}: QEMU knows no such member`),
    ...members.flatMap((member) => {
      const value = given[member.name];
      const path = `${at.path}.${member.name}`;
      // `default` present (null in the schema) is how introspection says "optional".
      if (value === undefined) return 'default' in member ? [] : [`${path}: is missing`];
      return faults(schema, member.type, { value, path });
    }),
  ];
}

function allMembers(schema: QmpSchema, type: Extract<SchemaType, { 'meta-type': 'object' }>, given: JsonObject) {
  const chosen = type.variants?.find((variant) => variant.case === given[type.tag ?? '']);
  const variant = chosen === undefined ? undefined : schema.get(chosen.type);
  return [...type.members, ...(variant?.['meta-type'] === 'object' ? variant.members : [])];
}

function fitsBuiltin(jsonType: string, value: Json | undefined): boolean {
  switch (jsonType) {
    case 'int':
      return typeof value === 'number' && Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'string':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'null':
      return value === null;
    default:
      return jsonType === 'value';
  }
}
