// Owns the answer to who looks for pods: there are none, a machine is a process of this computer.
// Must not be listed in discovery: kubectl knows without that pods do not run here.
import { json } from './answer.ts';
import type { Route } from './exchange.ts';

/** `kubectl describe node` and `describe pvc` ask for the pods there, and fail when nobody answers. */
export const podRoutes: readonly Route[] = ['/api/v1/pods', '/api/v1/namespaces/{namespace}/pods'].map((path) => ({
  method: 'GET',
  path,
  handle: ({ engine }) =>
    json({ kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: String(engine.list('nodes').resourceVersion) }, items: [] }),
}));
