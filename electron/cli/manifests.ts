// Owns reading manifests: files, folders and standard input, YAML with many documents, JSON, Lists.
// Must not check their rules; the API does.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isButane, machineConfigOfButane } from '../api/butane.ts';
import { AppError } from '../api/errors.ts';
import type { DraftObject } from '../api/object.ts';
import { UsageError } from './resource-names.ts';

export interface Manifest {
  readonly draft: DraftObject;
  /** The file as the user named it, or `STDIN`. */
  readonly source: string;
}

/** Objects in the order given; `-` is standard input. */
export async function readManifests(paths: readonly string[]): Promise<readonly Manifest[]> {
  const manifests: Manifest[] = [];
  for (const path of paths.flatMap(filesOf)) {
    const source = path === '-' ? 'STDIN' : path;
    const drafts = await parseManifests(readFileSync(path === '-' ? 0 : path, 'utf8'), source);
    manifests.push(...drafts.map((draft) => ({ draft, source })));
  }
  if (manifests.length === 0) throw new UsageError('no objects passed: there is no manifest in what -f names');
  return manifests;
}

function filesOf(path: string): readonly string[] {
  if (path === '-') return [path];
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new UsageError(`the path "${path}" does not exist`);
  if (!stats.isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => /\.(ya?ml|json)$/.test(name));
  return names.toSorted().map((name) => join(path, name));
}

export async function parseManifests(text: string, source: string): Promise<readonly DraftObject[]> {
  const { parseAllDocuments } = await import('yaml');
  return parseAllDocuments(text).flatMap((document, index) => {
    const [error] = document.errors;
    // The message goes on with the lines around the place; the first says enough.
    if (error !== undefined) throw new UsageError(`error parsing ${source}: ${error.message.split('\n')[0]?.replace(/:$/, '') ?? ''}`);
    const value = document.toJS({ maxAliasCount: 100 }) as unknown;
    if (value === null || value === undefined) return [];
    // Butane is read by YAML 1.1, where the mode 0644 is octal.
    if (isButane(value)) return [ofButane(parseAllDocuments(text, { version: '1.1' })[index]?.toJS(), source)];
    const items = (value as { readonly kind?: unknown; readonly items?: unknown }).items;
    const objects =
      Array.isArray(items) && String((value as { readonly kind?: unknown }).kind).endsWith('List') ? (items as unknown[]) : [value];
    return objects.map((object) => asDraft(object, source));
  });
}

function ofButane(value: unknown, source: string): DraftObject {
  try {
    return machineConfigOfButane(value);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const reasons = error.causes.map(({ field, message, fix = '' }) => `\n  ${field}: ${message} ${fix}`.trimEnd());
    throw new UsageError(`${source}: ${error.message}${reasons.join('')}`);
  }
}

function asDraft(value: unknown, source: string): DraftObject {
  const { apiversion, ...draft } = (value ?? {}) as Partial<DraftObject> & { readonly apiversion?: string };
  if (typeof draft.kind !== 'string') throw new UsageError(`unable to decode "${source}": Object 'Kind' is missing`);
  // As OpenShift's documentation prints it; the API reads it, too.
  const apiVersion = draft.apiVersion ?? apiversion;
  if (typeof apiVersion !== 'string') throw new UsageError(`unable to decode "${source}": Object 'apiVersion' is missing`);
  return { ...draft, apiVersion, kind: draft.kind, metadata: draft.metadata ?? {} };
}
