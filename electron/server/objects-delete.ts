// Owns delete and deletecollection of every kind.
// Must not decide what goes with an object; the engine does.
import { AppError } from '../api/errors.ts';
import { type Kind, resourceId } from '../api/kinds/kind.ts';
import type { Json, JsonObject, KubeObject, ObjectKey } from '../api/object.ts';
import type { DeleteOptions } from '../engine/engine-port.ts';
import { json } from './answer.ts';
import { readBody } from './body.ts';
import { listAnswer, objectAnswer, shapeOf } from './encode.ts';
import type { Exchange, Parts } from './exchange.ts';
import { isList, isObject } from './json-value.ts';
import { keyAt, targetAt } from './object-target.ts';
import { writeOptions } from './write-request.ts';
import { badOption, choice, flag, isDryRun, wholeNumber } from './query.ts';
import { selector } from './selectors.ts';

export async function deleteObject(parts: Parts, exchange: Exchange): Promise<Response> {
  const { kind, key } = keyAt(exchange.params);
  const options = await deleteOptions(exchange);
  const object = await parts.engine.delete(key, options);
  return isGone(parts, key, object)
    ? json(success(kind, object))
    : objectAnswer(parts, kind, { object, shape: shapeOf(exchange), status: 200 });
}

/** Whatever the selectors leave, in one namespace. Answers what was deleted. */
export async function deleteObjects(parts: Parts, exchange: Exchange): Promise<Response> {
  const { kind, namespace } = targetAt(exchange.params);
  if (kind.namespaced && namespace === undefined) {
    throw new AppError('MethodNotAllowed', 'the server does not allow this method on the requested resource');
  }
  const shape = shapeOf(exchange);
  const matches = selector(kind, exchange.query);
  const options = await deleteOptions(exchange);
  const { items, resourceVersion } = parts.engine.list(resourceId(kind), namespace);
  const deleted: KubeObject[] = [];
  for (const { metadata } of matches === undefined ? items : items.filter(matches)) {
    const key = { resource: resourceId(kind), name: metadata.name, ...(namespace === undefined ? {} : { namespace }) };
    const object = await deletedUnlessGone(parts, key, options);
    if (object !== undefined) deleted.push(object);
  }
  return listAnswer(parts, kind, { items: deleted, metadata: { resourceVersion: String(resourceVersion) }, shape });
}

/** One that goes while its neighbours are deleted is what was wanted. */
async function deletedUnlessGone({ engine }: Parts, key: ObjectKey, options: DeleteOptions): Promise<KubeObject | undefined> {
  try {
    return await engine.delete(key, options);
  } catch (error) {
    if (error instanceof AppError && error.code === 'NotFound') return undefined;
    throw error;
  }
}

/** With finalizers or a grace period the object is still there, marked: clients that wait need it. */
function isGone({ engine }: Parts, key: ObjectKey, deleted: KubeObject): boolean {
  try {
    return engine.get(key).metadata.uid !== deleted.metadata.uid;
  } catch (error) {
    if (error instanceof AppError && error.code === 'NotFound') return true;
    throw error;
  }
}

function success({ group, plural }: Kind, { metadata: { name, uid } }: KubeObject): object {
  const details = { name, ...(group === '' ? {} : { group }), kind: plural, uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

type Propagation = NonNullable<DeleteOptions['propagation']>;
const propagations: readonly Propagation[] = ['Foreground', 'Background', 'Orphan'];

/** From the query, over which the body's DeleteOptions win, as kubectl and client libraries mix them. */
async function deleteOptions(exchange: Exchange): Promise<DeleteOptions> {
  const { query, request } = exchange;
  const body = optionsObject((await readBody(request))?.value ?? {});
  const orphan = flag(query, 'orphanDependents');
  const propagation =
    propagationIn(body) ?? choice(query, 'propagationPolicy', propagations) ?? (orphan === true ? ('Orphan' as const) : undefined);
  const grace = wholeIn(body, 'gracePeriodSeconds') ?? wholeNumber(query, 'gracePeriodSeconds');
  const preconditions = preconditionsIn(body['preconditions']);
  const dryRun = isDryRun([...query.getAll('dryRun'), ...listIn(body['dryRun'])]);
  return {
    ...writeOptions(exchange),
    dryRun,
    ...(propagation === undefined ? {} : { propagation }),
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(preconditions === undefined ? {} : { preconditions }),
  };
}

function optionsObject(value: Json): JsonObject {
  if (isObject(value) && (value['kind'] === undefined || value['kind'] === 'DeleteOptions')) return value;
  throw badOption('kind', JSON.stringify(isObject(value) ? value['kind'] : value).slice(0, 80), 'Send DeleteOptions or nothing.');
}

function propagationIn({ propagationPolicy }: JsonObject): Propagation | undefined {
  if (propagationPolicy === undefined || propagationPolicy === null) return undefined;
  const found = propagations.find((known) => known === propagationPolicy);
  if (found === undefined) throw badOption('propagationPolicy', JSON.stringify(propagationPolicy), `Use ${propagations.join(' or ')}.`);
  return found;
}

function preconditionsIn(value: Json | undefined): DeleteOptions['preconditions'] {
  if (!isObject(value)) return undefined;
  const { uid, resourceVersion } = value;
  return { ...(typeof uid === 'string' ? { uid } : {}), ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}) };
}

export function wholeIn(options: JsonObject, name: string): number | undefined {
  const value = options[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw badOption(name, JSON.stringify(value), 'Write a whole number.');
  }
  return value;
}

export function listIn(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}
