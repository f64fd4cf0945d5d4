// Owns reading JSON schemas as the API publishes them: which one a document has, and what stands at a path of it.
// Must not validate; the core does.
import type { Segment } from './field-path.ts';

/** The part of an OpenAPI v3 schema that help needs. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly $ref?: string;
  readonly allOf?: readonly JsonSchema[];
  /** Sizes and the like: `2Gi`, `500m`, `4`. */
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-group-version-kind'?: readonly { readonly group?: string; readonly version: string; readonly kind: string }[];
}

/** Definitions by name, as under `components.schemas`. */
export type Definitions = Readonly<Record<string, JsonSchema>>;

export interface SchemaBook {
  readonly definitions: Definitions;
  /** The definition of a kind, as a manifest names it. */
  kind(apiVersion: string, kind: string): JsonSchema | undefined;
  /** apiVersion and kind of everything that can be written. */
  readonly kinds: readonly { readonly apiVersion: string; readonly kind: string }[];
}

export function schemaBook(definitions: Definitions): SchemaBook {
  const kinds = Object.values(definitions).flatMap((schema) =>
    (schema['x-kubernetes-group-version-kind'] ?? []).map(({ group = '', version, kind }) => ({
      apiVersion: group === '' ? version : `${group}/${version}`,
      kind,
      schema,
    })),
  );
  return {
    definitions,
    kinds: kinds.map(({ apiVersion, kind }) => ({ apiVersion, kind })),
    kind: (apiVersion, kind) => kinds.find((row) => row.apiVersion === apiVersion && row.kind === kind)?.schema,
  };
}

/** Follows `$ref` and a lone `allOf`; what is said beside the reference (a description) wins. */
export function resolved(schema: JsonSchema, { definitions }: SchemaBook): JsonSchema {
  const [only, ...more] = schema.allOf ?? [];
  const next = schema.$ref === undefined ? (more.length === 0 ? only : undefined) : definitions[schema.$ref.replace(/^.*\//, '')];
  if (next === undefined) return schema;
  const { $ref: _ref, allOf: _all, ...own } = schema;
  // A definition never refers to itself directly, so that this ends.
  return { ...resolved(next, { definitions } as SchemaBook), ...own };
}

/** Undefined when the path leaves what the schema describes. */
export function schemaAt(root: JsonSchema, path: readonly Segment[], book: SchemaBook): JsonSchema | undefined {
  let schema: JsonSchema | undefined = resolved(root, book);
  for (const segment of path) {
    if (schema === undefined) return undefined;
    const child: JsonSchema | undefined = typeof segment === 'number' ? schema.items : (schema.properties?.[segment] ?? additional(schema));
    schema = child === undefined ? undefined : resolved(child, book);
  }
  return schema;
}

function additional({ additionalProperties }: JsonSchema): JsonSchema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

export function typeOf({ type, properties, items, ...more }: JsonSchema): string {
  if (more['x-kubernetes-int-or-string'] === true) return 'string | number';
  if (type !== undefined) return typeof type === 'string' ? type : type.join(' | ');
  if (properties !== undefined) return 'object';
  return items === undefined ? 'any' : 'array';
}
