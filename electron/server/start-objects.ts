// Owns reading the objects that a rehearsed start counts as stored.
// Must not check a start; the engine does.
import { AppError } from '../api/errors.ts';
import { kindNamed } from '../api/kinds/registry.ts';
import type { DraftObject, Json } from '../api/object.ts';
import type { Schemas } from '../api/schema.ts';
import type { Body } from './body.ts';
import { decodeDraft } from './decode.ts';
import { isList, isObject } from './json-value.ts';
import { badOption } from './query.ts';

/** Throws BadRequest for another kind or an unknown field, with the field as it stands in its object. */
export function startObjects(schemas: Schemas, { value, duplicates }: Body): readonly DraftObject[] {
  const objects = isObject(value) ? (value['objects'] ?? []) : [];
  if (!isList(objects)) throw badOption('objects', JSON.stringify(objects).slice(0, 40), 'Send a list of objects.');
  return objects.map((object, index) => {
    const prefix = `objects[${index}].`;
    const own = duplicates.filter((field) => field.startsWith(prefix)).map((field) => field.slice(prefix.length));
    return draftOf(schemas, { value: object, duplicates: own });
  });
}

function draftOf(schemas: Schemas, body: { readonly value: Json; readonly duplicates: readonly string[] }): DraftObject {
  const { apiVersion, kind } = isObject(body.value) ? body.value : {};
  const known = typeof apiVersion === 'string' && typeof kind === 'string' ? kindNamed(apiVersion, kind) : undefined;
  if (known?.kind !== 'VirtualMachine' && known?.kind !== 'Secret') {
    throw new AppError('BadRequest', `A start takes a VirtualMachine and Secrets, not ${JSON.stringify(kind ?? null)}.`);
  }
  return decodeDraft({ schemas, kind: known, validation: 'Strict' }, body).draft;
}
