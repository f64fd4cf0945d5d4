// Owns the OpenAPI v2 document, one for everything, made from the schemas that decode uses.
// Must not describe what is not served.
import type { Kind } from '../api/kinds/kind.ts';
import { servedKinds } from '../api/kinds/registry.ts';
import type { JsonSchema, Schemas } from '../api/schema.ts';
import { groupVersionPath } from './discovery.ts';

export interface SchemaV2 {
  readonly $ref?: string;
  readonly format?: string;
  readonly description?: string;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaV2;
  readonly type?: string;
  readonly items?: SchemaV2;
  readonly properties?: Readonly<Record<string, SchemaV2>>;
  readonly 'x-kubernetes-group-version-kind'?: readonly object[];
  readonly 'x-kubernetes-preserve-unknown-fields'?: true;
}

export interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: 'query'; readonly type: 'string' }[];
  readonly 'x-kubernetes-action': string;
  readonly 'x-kubernetes-group-version-kind': object;
}

export interface OpenApiV2 {
  readonly swagger: '2.0';
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly definitions: Readonly<Record<string, SchemaV2>>;
}

export function openApiV2Document(schemas: Schemas, version: string): OpenApiV2 {
  const found = new Map<string, SchemaV2>();
  const waiting = servedKinds.map(({ schema }) => schema);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const schema = schemas.definitions[name];
    if (found.has(name) || schema === undefined) continue;
    const served = servedKinds.filter((row) => row.schema === name);
    const marked = served.length === 0 ? {} : { 'x-kubernetes-group-version-kind': served.map(named) };
    found.set(name, { ...schemaOf(schema, waiting), ...marked });
  }
  return {
    swagger: '2.0',
    info: { title: 'Virtdeck', version },
    paths: Object.assign({}, ...servedKinds.map(pathsOf)) as OpenApiV2['paths'],
    definitions: Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function named({ group, version, kind }: Kind): object {
  return { group, version, kind };
}

function schemaOf(schema: JsonSchema, reached: string[]): SchemaV2 {
  const { $ref, description, type, required, properties, items, additionalProperties } = schema;
  const described = description === undefined ? {} : { description };
  if ($ref !== undefined) {
    reached.push(decodeURIComponent($ref.slice('#/definitions/'.length)));
    return { ...described, $ref };
  }
  // kubectl takes numbers for text, so that both forms of a quantity pass.
  if (schema['x-virtdeck-quantity'] === true) return { ...described, type: 'string' };
  if (schema['x-kubernetes-int-or-string'] === true) return { ...described, type: 'string', format: 'int-or-string' };
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return { ...described, 'x-kubernetes-preserve-unknown-fields': true };
  return {
    ...described,
    ...(type === undefined ? {} : { type }),
    ...(required === undefined ? {} : { required }),
    ...(items === undefined ? {} : { items: schemaOf(items, reached) }),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: schemaOf(additionalProperties, reached) } : {}),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, schemaOf(property, reached)])) }),
  };
}

const writeOptions = ['dryRun', 'fieldManager', 'fieldValidation'];

/** kubectl looks for `dryRun` at PATCH before it relies on the server for it. */
function pathsOf(kind: Kind): OpenApiV2['paths'] {
  const root = `/${groupVersionPath(kind)}`;
  const collection = kind.namespaced ? `${root}/namespaces/{namespace}/${kind.plural}` : `${root}/${kind.plural}`;
  const operation = (action: string, options: readonly string[] = []): Operation => ({
    parameters: options.map((name) => ({ name, in: 'query', type: 'string' })),
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': named(kind),
  });
  return {
    [collection]: { get: operation('list'), post: operation('post', writeOptions), delete: operation('deletecollection', ['dryRun']) },
    [`${collection}/{name}`]: {
      get: operation('get'),
      put: operation('put', writeOptions),
      patch: operation('patch', [...writeOptions, 'force']),
      delete: operation('delete', ['dryRun']),
    },
  };
}
