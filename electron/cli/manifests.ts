// Owns reading manifests: files, folders and standard input, YAML with many documents, JSON, Lists.
// Must not check their rules; the API does.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { DraftObject } from '../api/object.ts';
import { UsageError } from './resource-names.ts';

/** Objects in the order given; `-` is standard input. */
export function readManifests(paths: readonly string[]): readonly DraftObject[] {
  if (paths.length === 0) throw new UsageError('must specify one of -f');
  return paths.flatMap((path) => (path === '-' ? parseManifests(readFileSync(0, 'utf8'), 'STDIN') : readPath(path)));
}

function readPath(path: string): readonly DraftObject[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new UsageError(`the path "${path}" does not exist`);
  if (!stats.isDirectory()) return parseManifests(readFileSync(path, 'utf8'), path);
  const files = readdirSync(path).filter((name) => /\.(ya?ml|json)$/.test(name));
  return files.toSorted().flatMap((name) => parseManifests(readFileSync(join(path, name), 'utf8'), join(path, name)));
}

export function parseManifests(text: string, source: string): readonly DraftObject[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new UsageError(`error parsing ${source}: ${error.message}`);
    const value = document.toJS({ maxAliasCount: 100 }) as unknown;
    if (value === null || value === undefined) return [];
    const items = (value as { readonly kind?: unknown; readonly items?: unknown }).items;
    const objects =
      Array.isArray(items) && String((value as { readonly kind?: unknown }).kind).endsWith('List') ? (items as unknown[]) : [value];
    return objects.map((object) => asDraft(object, source));
  });
}

function asDraft(value: unknown, source: string): DraftObject {
  const draft = value as Partial<DraftObject>;
  if (typeof draft !== 'object' || typeof draft.kind !== 'string')
    throw new UsageError(`error: unable to decode "${source}": Object 'Kind' is missing`);
  if (typeof draft.apiVersion !== 'string') throw new UsageError(`error: unable to decode "${source}": Object 'apiVersion' is missing`);
  return { ...draft, apiVersion: draft.apiVersion, kind: draft.kind, metadata: draft.metadata ?? {} };
}
