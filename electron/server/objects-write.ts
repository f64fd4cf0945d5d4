// Owns create, update and patch of every kind.
// Must not default or judge; the engine does.
import { AppError } from '../api/errors.ts';
import { type Kind, resourceId } from '../api/kinds/kind.ts';
import type { DraftObject, Json, KubeObject, ObjectKey } from '../api/object.ts';
import { mediaType } from './accept.ts';
import { unsupportedType } from './body.ts';
import { decodeDraft, fieldValidation, invalid } from './decode.ts';
import { objectAnswer, shapeOf } from './encode.ts';
import type { Exchange, Parts } from './exchange.ts';
import { keyAt, targetAt } from './object-target.ts';
import { applyObject, applyType } from './objects-apply.ts';
import { type Patch, patchTypesOf, readPatch } from './patch.ts';
import { checkPlace, givenBody, mismatch, statusOnly, withWarnings, writeOptions } from './write-request.ts';

export async function createObject(parts: Parts, exchange: Exchange): Promise<Response> {
  const { kind, namespace } = targetAt(exchange.params);
  if (kind.namespaced && namespace === undefined) throw mismatch('metadata.namespace', 'an empty namespace may not be set during creation');
  const { draft, warnings } = decodeDraft(decoderFor(parts, kind, exchange), await givenBody(exchange.request));
  checkPlace(draft, exchange.params);
  checkNamed(kind, draft);
  const object = await parts.engine.create(resourceId(kind), namespace, draft, writeOptions(exchange));
  return withWarnings(written(parts, exchange, { kind, object, status: 201 }), warnings);
}

export async function updateObject(parts: Parts, exchange: Exchange): Promise<Response> {
  const { kind, key } = keyAt(exchange.params);
  const { draft, warnings } = decodeDraft(decoderFor(parts, kind, exchange), await givenBody(exchange.request));
  checkPlace(draft, exchange.params);
  const object = await parts.engine.update(key, draft, { ...writeOptions(exchange), ...statusOnly(exchange) });
  return withWarnings(written(parts, exchange, { kind, object, status: 200 }), warnings);
}

/** Kubernetes tries five times when somebody else was faster and the patch names no version. */
const patchAttempts = 5;

export async function patchObject(parts: Parts, exchange: Exchange): Promise<Response> {
  const { kind, key } = keyAt(exchange.params);
  const { type } = mediaType(exchange.request.headers.get('content-type') ?? '');
  if (type === applyType) return applyObject(parts, exchange);
  const types = patchTypesOf(kind);
  if (!types.includes(type)) throw unsupportedType([...types, applyType]);
  const patch = readPatch(await givenBody(exchange.request, types), { type, kind });
  for (let attempt = 1; ; attempt++) {
    const current = parts.engine.get(key);
    try {
      return await patchOnce(parts, exchange, { kind, key, current, patch });
    } catch (error) {
      const raced = error instanceof AppError && error.code === 'Conflict' && !patch.namesVersion;
      // A refusal of the same object comes back the same: only another writer makes another try worth it.
      if (!raced || attempt === patchAttempts || parts.engine.get(key) === current) throw error;
    }
  }
}

interface Patching {
  readonly kind: Kind;
  readonly key: ObjectKey;
  readonly current: KubeObject;
  readonly patch: Patch;
}

async function patchOnce(parts: Parts, exchange: Exchange, { kind, key, current, patch }: Patching): Promise<Response> {
  const value = patch.apply(patch.namesManagers ? withManagers(parts, key, current) : (current as unknown as Json));
  const { draft, warnings } = decodeDraft(decoderFor(parts, kind, exchange), { value, duplicates: patch.duplicates });
  checkPlace(draft, exchange.params);
  const object = await parts.engine.update(key, draft, { ...writeOptions(exchange), ...statusOnly(exchange) });
  return withWarnings(written(parts, exchange, { kind, object, status: 200 }), [...patch.warnings, ...warnings]);
}

interface Written {
  readonly kind: Kind;
  readonly object: KubeObject;
  readonly status: number;
}

/** With the managers, as a read has them: Ansible compares what it read with what a patch answers, and calls any difference a change. */
function written(parts: Parts, exchange: Exchange, { kind, object, status }: Written): Response {
  const { name, namespace } = object.metadata;
  const managedFields = parts.engine.managedFields({ resource: resourceId(kind), name, ...(namespace === undefined ? {} : { namespace }) });
  return objectAnswer(parts, kind, { object, shape: shapeOf(exchange), status, managedFields });
}

/** kubectl moves its fields from one manager to another by patching the record itself. */
function withManagers({ engine }: Parts, key: ObjectKey, current: KubeObject): Json {
  return { ...current, metadata: { ...current.metadata, managedFields: engine.managedFields(key) } } as unknown as Json;
}

function decoderFor(parts: Parts, kind: Kind, { query }: Exchange): Parameters<typeof decodeDraft>[0] {
  return { schemas: parts.schemas, kind, validation: fieldValidation(query) };
}

function checkNamed(kind: Kind, draft: DraftObject): void {
  const { name = '', generateName = '' } = draft.metadata;
  if (name !== '' || generateName !== '') return;
  const field = 'metadata.name';
  const message = `${field}: Required value: name or generateName is required`;
  throw invalid(kind, '', [{ reason: 'FieldValueRequired', field, message, fix: 'Give it a name.' }]);
}
