// Owns create, update and patch of every kind.
// Must not default or judge; the engine does.
import { AppError } from '../api/errors.ts';
import { type Kind, resourceId } from '../api/kinds/kind.ts';
import type { DraftObject, Json, KubeObject, ObjectKey } from '../api/object.ts';
import type { WriteOptions } from '../engine/engine-port.ts';
import { mediaType } from './accept.ts';
import { type Body, readBody, unsupportedType } from './body.ts';
import { decodeDraft, fieldValidation, invalid } from './decode.ts';
import { objectAnswer, shapeOf } from './encode.ts';
import type { Exchange, Parts } from './exchange.ts';
import { keyAt, type Params, targetAt } from './object-target.ts';
import { type Patch, patchTypes, readPatch } from './patch.ts';
import { isDryRun } from './query.ts';

export async function createObject(parts: Parts, exchange: Exchange): Promise<Response> {
  const { kind, namespace } = targetAt(exchange.params);
  if (kind.namespaced && namespace === undefined) throw mismatch('metadata.namespace', 'an empty namespace may not be set during creation');
  const { draft, warnings } = decodeDraft(decoderFor(parts, kind, exchange), await givenBody(exchange.request));
  checkPlace(draft, exchange.params);
  checkNamed(kind, draft);
  const object = await parts.engine.create(resourceId(kind), namespace, draft, writeOptions(exchange));
  return withWarnings(objectAnswer(parts, kind, { object, shape: shapeOf(exchange), status: 201 }), warnings);
}

export async function updateObject(parts: Parts, exchange: Exchange): Promise<Response> {
  const { kind, key } = keyAt(exchange.params);
  const { draft, warnings } = decodeDraft(decoderFor(parts, kind, exchange), await givenBody(exchange.request));
  checkPlace(draft, exchange.params);
  const object = await parts.engine.update(key, draft, { ...writeOptions(exchange), ...subresourceOf(exchange) });
  return withWarnings(objectAnswer(parts, kind, { object, shape: shapeOf(exchange), status: 200 }), warnings);
}

/** Kubernetes tries five times when somebody else was faster and the patch names no version. */
const patchAttempts = 5;

export async function patchObject(parts: Parts, exchange: Exchange): Promise<Response> {
  const { kind, key } = keyAt(exchange.params);
  const { type } = mediaType(exchange.request.headers.get('content-type') ?? '');
  if (!patchTypes.includes(type)) throw unsupportedType(patchTypes);
  const patch = readPatch(await givenBody(exchange.request, patchTypes), type);
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
  const value = patch.apply(current as unknown as Json);
  const { draft, warnings } = decodeDraft(decoderFor(parts, kind, exchange), { value, duplicates: patch.duplicates });
  checkPlace(draft, exchange.params);
  const object = await parts.engine.update(key, draft, { ...writeOptions(exchange), ...subresourceOf(exchange) });
  return withWarnings(objectAnswer(parts, kind, { object, shape: shapeOf(exchange), status: 200 }), warnings);
}

function decoderFor(parts: Parts, kind: Kind, { query }: Exchange): Parameters<typeof decodeDraft>[0] {
  return { schemas: parts.schemas, kind, validation: fieldValidation(query) };
}

async function givenBody(request: Request, types?: readonly string[]): Promise<Body> {
  const body = await readBody(request, types);
  if (body !== undefined) return body;
  throw mismatch('<root>', 'the body of the request is empty');
}

export function writeOptions(exchange: Exchange): WriteOptions {
  return { dryRun: isDryRun(exchange.query.getAll('dryRun')), manager: managerOf(exchange) };
}

/** Who writes: what the client calls itself, else its program. */
export function managerOf({ query, caller }: Exchange): string {
  const manager = query.get('fieldManager') ?? '';
  return manager === '' ? caller.name : manager.slice(0, 128);
}

function subresourceOf({ path }: Exchange): { readonly subresource?: 'status' } {
  return path.endsWith('/status') ? { subresource: 'status' } : {};
}

/** Name and namespace in the body must be those of the path, when they are given. */
function checkPlace({ metadata }: DraftObject, { namespace, name }: Params): void {
  const { name: itsName, namespace: itsNamespace } = metadata ?? {};
  if (namespace !== undefined && itsNamespace !== undefined && itsNamespace !== namespace) {
    throw mismatch('metadata.namespace', 'the namespace of the provided object does not match the namespace sent on the request');
  }
  if (name !== undefined && itsName !== undefined && itsName !== name) {
    throw mismatch('metadata.name', `the name of the object (${itsName}) does not match the name on the URL (${name})`);
  }
}

function checkNamed(kind: Kind, draft: DraftObject): void {
  const { name = '', generateName = '' } = draft.metadata;
  if (name !== '' || generateName !== '') return;
  const field = 'metadata.name';
  const message = `${field}: Required value: name or generateName is required`;
  throw invalid(kind, '', [{ reason: 'FieldValueRequired', field, message, fix: 'Give it a name.' }]);
}

function mismatch(field: string, message: string): AppError {
  return new AppError('BadRequest', message, { causes: [{ reason: 'FieldValueInvalid', field, message, fix: `Correct ${field}.` }] });
}

function withWarnings(response: Response, warnings: readonly string[]): Response {
  // RFC 7234 warn-text is a quoted string; kubectl prints it.
  for (const warning of warnings) response.headers.append('warning', `299 - ${JSON.stringify(warning.replaceAll(/[^\x20-\x7e]/g, '?'))}`);
  return response;
}
