// Owns what every write's request has: its body, its options, the place it names, and the warnings of its answer.
// Must not write.
import { AppError } from '../api/errors.ts';
import type { DraftObject } from '../api/object.ts';
import type { WriteOptions } from '../engine/engine-port.ts';
import { type Body, readBody } from './body.ts';
import type { Exchange } from './exchange.ts';
import type { Params } from './object-target.ts';
import { badOption, isDryRun } from './query.ts';

export async function givenBody(request: Request, types?: readonly string[]): Promise<Body> {
  const body = await readBody(request, types);
  if (body !== undefined) return body;
  throw mismatch('<root>', 'the body of the request is empty');
}

export function writeOptions(exchange: Exchange): WriteOptions {
  return { dryRun: isDryRun(exchange.query.getAll('dryRun')), manager: managerOf(exchange) };
}

/** Kubernetes' limit: the name is kept with every object it writes. */
const maxManagerLength = 128;

/** Who writes: what the client calls itself, else its program. */
export function managerOf({ query, caller }: Exchange): string {
  const manager = query.get('fieldManager') ?? '';
  if (manager.length > maxManagerLength) throw badOption('fieldManager', manager, `Use ${maxManagerLength} characters at most.`);
  return manager === '' ? caller.name : manager;
}

export function statusOnly({ path }: Exchange): { readonly subresource?: 'status' } {
  return path.endsWith('/status') ? { subresource: 'status' } : {};
}

/** Name and namespace in the body must be those of the path, when they are given. */
export function checkPlace({ metadata }: DraftObject, { namespace, name }: Params): void {
  const { name: itsName, namespace: itsNamespace } = metadata ?? {};
  if (namespace !== undefined && itsNamespace !== undefined && itsNamespace !== namespace) {
    throw mismatch('metadata.namespace', 'the namespace of the provided object does not match the namespace sent on the request');
  }
  if (name !== undefined && itsName !== undefined && itsName !== name) {
    throw mismatch('metadata.name', `the name of the object (${itsName}) does not match the name on the URL (${name})`);
  }
}

export function mismatch(field: string, message: string): AppError {
  return new AppError('BadRequest', message, { causes: [{ reason: 'FieldValueInvalid', field, message, fix: `Correct ${field}.` }] });
}

export function withWarnings(response: Response, warnings: readonly string[]): Response {
  // RFC 7234 warn-text is a quoted string; kubectl prints it.
  for (const warning of warnings) response.headers.append('warning', `299 - ${JSON.stringify(warning.replaceAll(/[^\x20-\x7e]/g, '?'))}`);
  return response;
}
