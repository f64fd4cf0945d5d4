// Owns whether the OpenAPI documents are what kubectl looks for, and whole.
import { describe, expect, test } from 'vitest';
import { apiVersionOf } from '../../electron/api/kinds/kind.ts';
import { servedKinds } from '../../electron/api/kinds/registry.ts';
import { openApiDocument } from '../../electron/server/openapi.ts';
import { schemas } from './core-fixture.ts';

interface Document {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<string, { readonly parameters?: readonly { readonly name: string }[]; readonly 'x-kubernetes-group-version-kind': object }>
      >
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
}

function documentOf(path: string): Document {
  return openApiDocument(schemas, path, '1') as Document;
}

describe.each(servedKinds.map((kind) => ({ kind, name: `${kind.kind} of ${apiVersionOf(kind)}` })))('$name', ({ kind }) => {
  const path = kind.group === '' ? 'api/v1' : `apis/${apiVersionOf(kind)}`;
  const { paths, components } = documentOf(path);
  const named = { group: kind.group, version: kind.version, kind: kind.kind };

  test('has a schema that carries its name', () => {
    expect(components.schemas[kind.schema]?.['x-kubernetes-group-version-kind']).toEqual([named]);
  });

  test('tells kubectl that its fields are validated here', () => {
    const object = `/${path}/${kind.namespaced ? 'namespaces/{namespace}/' : ''}${kind.plural}/{name}`;
    expect(paths[object]?.['patch']?.['x-kubernetes-group-version-kind']).toEqual(named);
    expect(paths[object]?.['patch']?.parameters?.map(({ name }) => name)).toEqual(['dryRun', 'fieldManager', 'fieldValidation']);
  });

  test('every reference leads somewhere', () => {
    const references = [...JSON.stringify(components).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? '');
    expect(references.filter((name) => components.schemas[name] === undefined)).toEqual([]);
    expect(JSON.stringify(components)).not.toContain('x-virtdeck');
  });
});

test('a quantity is text or a number', () => {
  const { components } = documentOf('apis/kubevirt.io/v1');
  const memory = components.schemas['V1Memory'] as { readonly properties: Readonly<Record<string, object>> };
  expect(memory.properties['guest']).toMatchObject({ 'x-kubernetes-int-or-string': true });
});
