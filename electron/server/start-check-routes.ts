// Owns the start check by itself: GET that of a stored machine, whatever its state; POST a VirtualMachine that is not stored, or a List
// of one and the Secrets that come with it.
// Must not check anything; the engine does.
import { AppError } from '../api/errors.ts';
import { kindNamed } from '../api/kinds/registry.ts';
import type { DraftObject, Json } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { json } from './answer.ts';
import { readBody } from './body.ts';
import { decodeDraft } from './decode.ts';
import type { Exchange, Parts, Route } from './exchange.ts';
import { isList, isObject } from './json-value.ts';

export const startCheckRoutes: readonly Route[] = [
  { method: 'GET', path: '/apis/virtdeck.io/v1alpha1/namespaces/{namespace}/startchecks/{name}', handle: checkStored },
  { method: 'POST', path: '/apis/virtdeck.io/v1alpha1/namespaces/{namespace}/startchecks', handle: check },
];

/** A rehearsed start of a running machine is a conflict; its command can be asked for all the same. */
async function checkStored({ engine }: Parts, { params }: Exchange): Promise<Response> {
  const { namespace = '', name = '' } = params;
  return json(await engine.startCheck({ resource: resources.virtualMachines, namespace, name }));
}

async function check({ engine, schemas }: Parts, { request, params }: Exchange): Promise<Response> {
  const body = await readBody(request);
  if (body === undefined) throw new AppError('BadRequest', 'Send the VirtualMachine to check as the body.');
  const drafts = itemsOf(body.value).map((value) => draftOf({ value, duplicates: body.duplicates, schemas }));
  return json(await engine.startCheckOf(params['namespace'] ?? '', drafts));
}

function itemsOf(value: Json): readonly Json[] {
  if (!isObject(value) || value['kind'] !== 'List') return [value];
  const { items } = value;
  return isList(items) ? items : [];
}

interface Given {
  readonly value: Json;
  readonly duplicates: readonly string[];
  readonly schemas: Parts['schemas'];
}

function draftOf({ value, duplicates, schemas }: Given): DraftObject {
  const { apiVersion, kind } = isObject(value) ? value : {};
  const known = typeof apiVersion === 'string' && typeof kind === 'string' ? kindNamed(apiVersion, kind) : undefined;
  if (known?.kind !== 'VirtualMachine' && known?.kind !== 'Secret') {
    throw new AppError('BadRequest', `A start check takes a VirtualMachine and Secrets, not ${JSON.stringify(kind ?? null)}.`);
  }
  return decodeDraft({ schemas, kind: known, validation: 'Strict' }, { value, duplicates }).draft;
}
