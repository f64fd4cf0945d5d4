// Owns the routes about clusters that are no stored objects: contexts of a kubeconfig, and whether a connection can be used.
// Must not send anything on; cluster-proxy.ts does.
import { AppError } from '../api/errors.ts';
import { json } from './answer.ts';
import { readBody } from './body.ts';
import type { Exchange, Parts, Route } from './exchange.ts';
import { isObject } from './json-value.ts';
import { badOption } from './query.ts';

const root = '/apis/virtdeck.io/v1alpha1';

export const connectionRoutes: readonly Route[] = [
  { method: 'GET', path: `${root}/kubeconfig`, handle: contexts },
  { method: 'GET', path: `${root}/connections/{name}/report`, handle: report },
  { method: 'POST', path: `${root}/connectionreviews`, handle: review },
];

async function contexts({ engine }: Parts, { query }: Exchange): Promise<Response> {
  const path = query.get('path') ?? '';
  if (path !== '' && (!path.startsWith('/') || path.includes('\0')))
    throw badOption('path', path, 'Give an absolute path of a file on this computer.');
  return json(await engine.clusters.contexts(path === '' ? undefined : path));
}

async function report({ engine }: Parts, { params }: Exchange): Promise<Response> {
  return json(await engine.clusters.report(engine.clusters.connection(params['name'] ?? '').spec));
}

/** As Kubernetes' reviews: asks about what is not stored. */
async function review({ engine }: Parts, { request }: Exchange): Promise<Response> {
  const value = (await readBody(request))?.value;
  const { connectionSpecSchema } = await import('../api/kinds/connection-schema.ts');
  const parsed = connectionSpecSchema.safeParse(isObject(value) ? value['spec'] : undefined);
  if (!parsed.success) {
    const causes = parsed.error.issues.map(({ path, message }) => ({
      reason: 'FieldValueInvalid',
      field: ['spec', ...path.map(String)].join('.'),
      message,
    }));
    throw new AppError('Invalid', 'The connection is not complete.', { causes });
  }
  return json(await engine.clusters.report(parsed.data), 201);
}
