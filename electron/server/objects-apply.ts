// Owns server-side apply as a request: its options, its body, its answer.
// Must not merge or judge; the engine does.
import { AppError } from '../api/errors.ts';
import type { DraftObject } from '../api/object.ts';
import type { ApplyOptions } from '../engine/engine-port.ts';
import { checkWhole, decodeDraft, fieldValidation } from './decode.ts';
import { objectAnswer, shapeOf } from './encode.ts';
import type { Exchange, Parts } from './exchange.ts';
import { keyAt } from './object-target.ts';
import { badOption, flag } from './query.ts';
import { checkPlace, givenBody, statusOnly, withWarnings, writeOptions } from './write-request.ts';

/** The body is YAML, of which JSON is a part. */
export const applyType = 'application/apply-patch+yaml';

export async function applyObject(parts: Parts, exchange: Exchange): Promise<Response> {
  const { kind, key } = keyAt(exchange.params);
  const { query } = exchange;
  const manager = query.get('fieldManager') ?? '';
  if (manager === '') throw missingManager();
  const body = await givenBody(exchange.request, [applyType]);
  const { schemas } = parts;
  const { draft, warnings } = decodeDraft({ schemas, kind, validation: fieldValidation(query), partial: true }, body);
  if (draft.metadata.managedFields !== undefined) {
    throw badOption('metadata.managedFields', 'an entry', 'Leave metadata.managedFields out of what you apply.');
  }
  checkPlace(draft, exchange.params);
  const config: DraftObject = {
    ...draft,
    metadata: { ...draft.metadata, name: key.name, ...(key.namespace === undefined ? {} : { namespace: key.namespace }) },
  };
  const check = (whole: DraftObject): void => {
    if (options.subresource === undefined) checkWhole({ schemas, kind }, whole);
  };
  const options: ApplyOptions = {
    ...writeOptions(exchange),
    ...statusOnly(exchange),
    manager,
    force: flag(query, 'force') === true,
    check,
  };
  const { object, created } = await parts.engine.apply(key, config, options);
  // A rehearsal has stored nothing that could be told.
  const managedFields = options.dryRun === true ? [] : parts.engine.managedFields(key);
  return withWarnings(
    objectAnswer(parts, kind, { object, shape: shapeOf(exchange), status: created ? 201 : 200, managedFields }),
    warnings,
  );
}

function missingManager(): AppError {
  const message = 'fieldManager: Required value: is required for apply patch';
  return new AppError('Invalid', `PatchOptions.meta.k8s.io "" is invalid: ${message}`, {
    causes: [{ reason: 'FieldValueRequired', field: 'fieldManager', message, fix: 'Say who applies: ?fieldManager=….' }],
  });
}
