// Owns the question what would become of a machine on its way to a cluster or from one; like Kubernetes' reviews it stores nothing.
// Must not move anything; a stored Transfer does.
import { AppError } from '../api/errors.ts';
import { json } from './answer.ts';
import { readBody } from './body.ts';
import type { Exchange, Parts, Route } from './exchange.ts';
import { isObject } from './json-value.ts';

export const transferRoutes: readonly Route[] = [
  { method: 'POST', path: '/apis/virtdeck.io/v1alpha1/namespaces/{namespace}/transferreviews', handle: review },
];

async function review({ engine }: Parts, { request, params }: Exchange): Promise<Response> {
  const value = (await readBody(request))?.value;
  const { transferSpecSchema } = await import('../api/kinds/transfer-schema.ts');
  const parsed = transferSpecSchema.safeParse(isObject(value) ? value['spec'] : undefined);
  if (!parsed.success) {
    const causes = parsed.error.issues.map(({ path, message }) => ({
      reason: 'FieldValueInvalid',
      field: ['spec', ...path.map(String)].join('.'),
      message,
    }));
    throw new AppError('Invalid', 'The transfer is not complete.', { causes });
  }
  return json(await engine.reviewTransfer(params['namespace'] ?? '', parsed.data), 201);
}
