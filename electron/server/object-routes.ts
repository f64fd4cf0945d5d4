// Owns the routes of stored objects.
// Must not handle them.
import type { Route } from './exchange.ts';
import { deleteObject, deleteObjects } from './objects-delete.ts';
import { getObject, listObjects } from './objects-read.ts';
import { createObject, patchObject, updateObject } from './objects-write.ts';

const roots = ['/api/{version}', '/apis/{group}/{version}'];

/** `status` stands before the namespaced collection: `/api/v1/namespaces/web/status` is the status of a namespace. */
export const objectRoutes: readonly Route[] = roots.flatMap((root) => {
  const inNamespace = `${root}/namespaces/{namespace}/{plural}`;
  return [
    ...statusRoutes(`${root}/{plural}/{name}`),
    ...kindRoutes(inNamespace),
    ...statusRoutes(`${inNamespace}/{name}`),
    ...kindRoutes(`${root}/{plural}`),
  ];
});

function kindRoutes(collection: string): readonly Route[] {
  return [
    { method: 'GET', path: collection, handle: listObjects },
    { method: 'POST', path: collection, handle: createObject },
    { method: 'DELETE', path: collection, handle: deleteObjects },
    { method: 'GET', path: `${collection}/{name}`, handle: getObject },
    { method: 'PUT', path: `${collection}/{name}`, handle: updateObject },
    { method: 'PATCH', path: `${collection}/{name}`, handle: patchObject },
    { method: 'DELETE', path: `${collection}/{name}`, handle: deleteObject },
  ];
}

function statusRoutes(object: string): readonly Route[] {
  return [
    { method: 'GET', path: `${object}/status`, handle: getObject },
    { method: 'PUT', path: `${object}/status`, handle: updateObject },
    { method: 'PATCH', path: `${object}/status`, handle: patchObject },
  ];
}
