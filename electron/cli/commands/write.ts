// Owns `virtdeck create` and `apply`: objects as manifests say, with kubectl's words.
// Must not know rules; the API refuses what is wrong.
import type { DraftObject, KubeObject } from '../../api/object.ts';
import { kindNamed } from '../../api/kinds/registry.ts';
import { ApiRefusal } from '../connection.ts';
import { type Manifest, readManifests } from '../manifests.ts';
import { isDryRun } from '../options.ts';
import { forEach, throwRefusals } from '../refusals.ts';
import { type Named, pathOf, printedName, UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';
import { applyPatch, withLastApplied } from '../three-way-merge.ts';

export interface WriteOptions {
  readonly filename: readonly string[];
  readonly dryRun?: string;
}

export async function create(session: Session, options: WriteOptions): Promise<void> {
  const dryRun = isDryRun(options.dryRun);
  const [, refusals] = await forEach(await readManifests(options.filename), async ({ draft, source }) => {
    const { kind } = namedIn(draft);
    const path = `${pathOf({ kind }, namespaceOf(session, draft))}${dryRunQuery(dryRun)}`;
    const made = (await saying(`error when creating "${source}"`, () =>
      session.request({ method: 'POST', path, body: draft }),
    )) as KubeObject;
    session.print(`${printedName(kind, made.metadata.name)} created${dryRunWord(dryRun)}`);
  });
  throwRefusals(refusals);
}

export async function apply(session: Session, options: WriteOptions): Promise<void> {
  const dryRun = isDryRun(options.dryRun);
  const [, refusals] = await forEach(await readManifests(options.filename), async (manifest) => {
    const target = targetIn(session, manifest);
    const path = pathOf(target, target.namespace);
    const live = await existing(session, path);
    const word = await saying(`error when applying "${manifest.source}"`, () =>
      live === undefined ? applyNew(session, { ...target, manifest, dryRun }) : applyChange(session, { path, manifest, live, dryRun }),
    );
    session.print(`${printedName(target.kind, target.name)} ${word}${dryRunWord(dryRun)}`);
  });
  throwRefusals(refusals);
}

interface NewObject extends Target {
  readonly manifest: Manifest;
  readonly dryRun: boolean;
}

async function applyNew(session: Session, { kind, namespace, manifest, dryRun }: NewObject): Promise<string> {
  const path = `${pathOf({ kind }, namespace)}${dryRunQuery(dryRun)}`;
  await session.request({ method: 'POST', path, body: withLastApplied(manifest.draft) });
  return 'created';
}

interface ChangedObject {
  readonly path: string;
  readonly manifest: Manifest;
  readonly live: KubeObject;
  readonly dryRun: boolean;
}

async function applyChange(session: Session, { path, manifest, live, dryRun }: ChangedObject): Promise<string> {
  const body = applyPatch(manifest.draft, live);
  if (body === undefined) return 'unchanged';
  await session.request({ method: 'PATCH', path: `${path}${dryRunQuery(dryRun)}`, body, contentType: 'application/merge-patch+json' });
  return 'configured';
}

/** Puts what was being done before a refusal's own words. */
async function saying<Result>(doing: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    throw new ApiRefusal({ ...error.status, message: `${doing}: ${error.message}` });
  }
}

async function existing(session: Session, path: string): Promise<KubeObject | undefined> {
  try {
    return (await session.request({ path })) as KubeObject;
  } catch (error) {
    if (error instanceof ApiRefusal && error.status.code === 404) return undefined;
    throw error;
  }
}

/** One object on the server. */
export interface Target extends Named {
  readonly name: string;
  readonly namespace: string;
}

export function targetIn(session: Session, { draft, source }: Manifest): Target {
  const { name } = draft.metadata;
  if (name === undefined || name === '') throw new UsageError(`resource name may not be empty in "${source}"`);
  return { ...namedIn(draft), name, namespace: namespaceOf(session, draft) };
}

function namedIn(draft: DraftObject): Named {
  const kind = kindNamed(draft.apiVersion, draft.kind);
  if (kind === undefined) throw new UsageError(`no matches for kind "${draft.kind}" in version "${draft.apiVersion}"`);
  return { kind };
}

function namespaceOf(session: Session, draft: DraftObject): string {
  const own = draft.metadata.namespace;
  if (own !== undefined && session.namespaceGiven && own !== session.namespace) {
    throw new UsageError(
      `the namespace from the provided object "${own}" does not match the namespace "${session.namespace}". You must pass '--namespace=${own}' to perform this operation.`,
    );
  }
  return own ?? session.namespace;
}

export function dryRunQuery(dryRun: boolean): string {
  return dryRun ? '?dryRun=All' : '';
}

export function dryRunWord(dryRun: boolean): string {
  return dryRun ? ' (server dry run)' : '';
}
