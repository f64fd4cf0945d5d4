// Owns the proof that the window's table of resources says what the kinds say.
// Must not test any call.
import { expect, test } from 'vitest';
import { apiVersionOf, resourceId } from '../../../electron/api/kinds/kind.ts';
import { kinds } from '../../../electron/api/kinds/registry.ts';
import { collectionPath } from '../../../renderer/client/paths.ts';
import { resourceTable } from '../../../renderer/client/resource-table.ts';

test('every kind that the window shows is under its own names', () => {
  const expected = Object.fromEntries(
    kinds
      .filter((kind) => resourceId(kind) in resourceTable)
      .map((kind) => [
        resourceId(kind),
        { apiVersion: apiVersionOf(kind), kind: kind.kind, plural: kind.plural, ...(kind.namespaced ? {} : { isClusterScoped: true }) },
      ]),
  );
  expect(resourceTable).toEqual(expected);
});

test.each([
  { resource: 'nodes', namespace: undefined, path: '/api/v1/nodes' },
  { resource: 'secrets', namespace: 'a', path: '/api/v1/namespaces/a/secrets' },
  { resource: 'virtualmachines.kubevirt.io', namespace: undefined, path: '/apis/kubevirt.io/v1/virtualmachines' },
  {
    resource: 'datavolumes.cdi.kubevirt.io',
    namespace: 'a b',
    path: '/apis/cdi.kubevirt.io/v1beta1/namespaces/a%20b/datavolumes',
  },
] as const)('$resource is at $path', ({ resource, namespace, path }) => {
  expect(collectionPath(resource, namespace)).toBe(path);
});
