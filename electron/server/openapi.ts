// Owns the OpenAPI v3 documents, one per group and version, made from the schemas that decode uses.
// Must not describe what is not served.
import { AppError } from '../api/errors.ts';
import type { Kind } from '../api/kinds/kind.ts';
import { servedKinds } from '../api/kinds/registry.ts';
import type { JsonSchema, Schemas } from '../api/schema.ts';
import { createHash } from 'node:crypto';
import { json, jsonText } from './answer.ts';
import { groupVersionPath } from './discovery.ts';
import type { Parts, Route } from './exchange.ts';

export function openApiRoutes(): readonly Route[] {
  // Made when first asked for: half a megabyte that an ordinary run never needs.
  const made = new Map<string, string>();
  const documentOf = (parts: Parts, path: string): string => {
    const known = made.get(path) ?? JSON.stringify(openApiDocument(parts.schemas, path, parts.version));
    made.set(path, known);
    return known;
  };
  const answer = (parts: Parts, path: string): Response => {
    if (!paths().includes(path)) throw new AppError('NotFound', 'the server could not find the requested resource');
    return jsonText(documentOf(parts, path));
  };
  return [
    {
      method: 'GET',
      path: '/openapi/v3',
      handle: (parts) => json({ paths: Object.fromEntries(paths().map((path) => [path, entry(parts, path, documentOf)])) }),
    },
    { method: 'GET', path: '/openapi/v3/api/{version}', handle: (parts, { params }) => answer(parts, `api/${params['version']}`) },
    {
      method: 'GET',
      path: '/openapi/v3/apis/{group}/{version}',
      handle: (parts, { params }) => answer(parts, `apis/${params['group']}/${params['version']}`),
    },
  ];
}

function paths(): readonly string[] {
  return [...new Set(servedKinds.map(groupVersionPath))];
}

/** The hash lets clients cache the document for ever. */
function entry(parts: Parts, path: string, documentOf: (parts: Parts, path: string) => string): object {
  const hash = createHash('sha256').update(documentOf(parts, path)).digest('hex').slice(0, 32).toUpperCase();
  return { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` };
}

export function openApiDocument(schemas: Schemas, path: string, version: string): object {
  const served = servedKinds.filter((kind) => groupVersionPath(kind) === path);
  return {
    openapi: '3.0.0',
    info: { title: 'Virtdeck', version },
    paths: Object.assign({}, ...served.map((kind) => kindPaths(kind, `/${path}`))) as object,
    components: { schemas: componentSchemas(schemas, served) },
  };
}

/** Every definition the kinds reach, with the kinds themselves marked: `kubectl explain` finds them by that mark. */
function componentSchemas(schemas: Schemas, served: readonly Kind[]): Readonly<Record<string, object>> {
  const found = new Map<string, object>();
  const waiting = served.map(({ schema }) => schema);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const schema = schemas.definitions[name];
    if (found.has(name) || schema === undefined) continue;
    const kind = served.find((row) => row.schema === name);
    found.set(name, {
      ...(component(schema, waiting) as object),
      ...(kind === undefined ? {} : { 'x-kubernetes-group-version-kind': [named(kind)] }),
    });
  }
  return Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function named({ group, version, kind }: Kind): object {
  return { group, version, kind };
}

/** The schema in OpenAPI's words; names of definitions it refers to are added to `reached`. */
function component(schema: JsonSchema, reached: string[]): unknown {
  const { $ref, properties, items, additionalProperties, 'x-virtdeck-quantity': quantity, ...rest } = schema;
  if ($ref !== undefined) {
    const name = decodeURIComponent($ref.slice('#/definitions/'.length));
    reached.push(name);
    const reference = { $ref: `#/components/schemas/${name}` };
    // OpenAPI 3.0 ignores what stands beside a $ref.
    return schema.description === undefined ? reference : { description: schema.description, allOf: [reference] };
  }
  return {
    ...rest,
    ...(quantity === true ? { 'x-kubernetes-int-or-string': true } : {}),
    ...(items === undefined ? {} : { items: component(items, reached) }),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: component(additionalProperties, reached) } : {}),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, component(property, reached)])) }),
  };
}

const fieldValidation = { name: 'fieldValidation', in: 'query', schema: { type: 'string', uniqueItems: true } };
const dryRun = { name: 'dryRun', in: 'query', schema: { type: 'string', uniqueItems: true } };
const fieldManager = { name: 'fieldManager', in: 'query', schema: { type: 'string', uniqueItems: true } };

/** kubectl looks for `fieldValidation` and `dryRun` at PATCH before it relies on the server for them. */
function kindPaths(kind: Kind, root: string): Readonly<Record<string, object>> {
  const collection = kind.namespaced ? `${root}/namespaces/{namespace}/${kind.plural}` : `${root}/${kind.plural}`;
  const reference = { $ref: `#/components/schemas/${kind.schema}` };
  const content = { 'application/json': { schema: reference } };
  const operation = (action: string, more: object = {}): object => ({
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': named(kind),
    responses: { '200': { description: 'OK', content } },
    ...more,
  });
  const write = { parameters: [dryRun, fieldManager, fieldValidation], requestBody: { required: true, content } };
  return {
    [collection]: {
      get: operation('list'),
      post: operation('post', write),
      delete: operation('deletecollection', { parameters: [dryRun] }),
    },
    [`${collection}/{name}`]: {
      get: operation('get'),
      put: operation('put', write),
      patch: operation('patch', {
        parameters: [dryRun, fieldManager, fieldValidation],
        requestBody: {
          required: true,
          content: { 'application/merge-patch+json': { schema: {} }, 'application/json-patch+json': { schema: {} } },
        },
      }),
      delete: operation('delete', { parameters: [dryRun] }),
    },
  };
}
