// Owns `virtdeck create`, `apply`, `delete` and `edit`: changes of objects, with kubectl's words.
// Must not know rules; the API refuses what is wrong.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { DraftObject, KubeObject } from '../../api/object.ts';
import { kindNamed } from '../../api/kinds/registry.ts';
import { ApiRefusal } from '../connection.ts';
import { parseManifests, readManifests } from '../manifests.ts';
import { parseNames, pathOf, printedName, UsageError, type Named } from '../resource-names.ts';
import type { Session } from '../session.ts';
import { applyPatch, withLastApplied } from '../three-way-merge.ts';

export interface WriteOptions {
  readonly filename: readonly string[];
  readonly dryRun?: string;
}

export async function create(session: Session, options: WriteOptions): Promise<void> {
  for (const draft of readManifests(options.filename)) {
    const named = namedOf(draft);
    const made = (await session.request({
      method: 'POST',
      path: `${collection(session, draft)}${dryRunQuery(options)}`,
      body: draft,
    })) as KubeObject;
    session.print(`${printedName(named.kind, made.metadata.name)} created${dryRunWord(options)}`);
  }
}

export async function apply(session: Session, options: WriteOptions): Promise<void> {
  for (const draft of readManifests(options.filename)) {
    const named = namedOf(draft);
    const live = await existing(session, { ...named, name: draft.metadata.name ?? '' }, draft);
    const word = live === undefined ? await applyNew(session, draft, options) : await applyChange(session, { draft, live, options });
    session.print(`${printedName(named.kind, draft.metadata.name ?? '')} ${word}${dryRunWord(options)}`);
  }
}

async function applyNew(session: Session, draft: DraftObject, options: WriteOptions): Promise<string> {
  await session.request({ method: 'POST', path: `${collection(session, draft)}${dryRunQuery(options)}`, body: withLastApplied(draft) });
  return 'created';
}

interface Application {
  readonly draft: DraftObject;
  readonly live: KubeObject;
  readonly options: WriteOptions;
}

async function applyChange(session: Session, { draft, live, options }: Application): Promise<string> {
  const patch = applyPatch(draft, live);
  if (patch === undefined) return 'unchanged';
  const path = pathOf({ ...namedOf(draft), name: live.metadata.name }, live.metadata.namespace);
  await session.request({
    method: 'PATCH',
    path: `${path}${dryRunQuery(options)}`,
    body: patch,
    contentType: 'application/merge-patch+json',
  });
  return 'configured';
}

export interface DeleteOptions extends WriteOptions {
  readonly wait: boolean;
  readonly cascade: string;
  readonly gracePeriod?: string;
  readonly ignoreNotFound?: boolean;
  readonly all?: boolean;
}

export async function remove(session: Session, words: readonly string[], options: DeleteOptions): Promise<void> {
  const fromFiles =
    options.filename.length > 0
      ? readManifests(options.filename).map((draft) => ({ ...namedOf(draft), name: draft.metadata.name ?? '' }))
      : [];
  const named = words.length > 0 ? await namesToDelete(session, words, options) : [];
  for (const each of [...fromFiles, ...named]) await removeOne(session, each, options);
}

async function namesToDelete(session: Session, words: readonly string[], options: DeleteOptions): Promise<readonly Named[]> {
  const named = parseNames(words);
  const all: Named[] = [];
  for (const each of named) {
    if (each.name !== undefined) all.push(each);
    else if (options.all !== true) throw new UsageError('resource(s) were provided, but no name was specified');
    else {
      const list = (await session.request({ path: pathOf(each, session.namespace) })) as { readonly items: readonly KubeObject[] };
      all.push(...list.items.map((item) => ({ kind: each.kind, name: item.metadata.name })));
    }
  }
  return all;
}

async function removeOne(session: Session, named: Named, options: DeleteOptions): Promise<void> {
  const path = pathOf(named, session.namespace);
  const propagationPolicy = { background: 'Background', foreground: 'Foreground', orphan: 'Orphan' }[options.cascade];
  if (propagationPolicy === undefined)
    throw new UsageError(`invalid cascade value (${options.cascade}). Must be "background", "foreground", or "orphan"`);
  const body = { propagationPolicy, ...(options.gracePeriod === undefined ? {} : { gracePeriodSeconds: Number(options.gracePeriod) }) };
  try {
    await session.request({ method: 'DELETE', path: `${path}${dryRunQuery(options)}`, body });
  } catch (error) {
    if (options.ignoreNotFound === true && error instanceof ApiRefusal && error.status.code === 404) return;
    throw error;
  }
  if (options.wait && options.dryRun === undefined) await gone(session, named);
  session.print(
    `${named.kind.singular}${named.kind.group === '' ? '' : `.${named.kind.group}`} "${named.name ?? ''}" deleted${dryRunWord(options)}`,
  );
}

/** Waits on the watch, not by asking again and again. */
async function gone(session: Session, named: Named): Promise<void> {
  const abort = new AbortController();
  const query = `?watch=true&fieldSelector=${encodeURIComponent(`metadata.name=${named.name}`)}`;
  const events = session.lines({
    path: `${pathOf({ kind: named.kind }, named.kind.namespaced ? session.namespace : undefined)}${query}`,
    signal: abort.signal,
  });
  const checked = session.request({ path: pathOf(named, session.namespace) }).then(
    () => false,
    (error: unknown) => error instanceof ApiRefusal && error.status.code === 404,
  );
  if (await checked) {
    abort.abort();
    return;
  }
  for await (const event of events) {
    if ((event as { readonly type: string }).type === 'DELETED') break;
  }
  abort.abort();
}

export async function edit(session: Session, words: readonly string[]): Promise<void> {
  const [named] = parseNames(words);
  if (named?.name === undefined) throw new UsageError('You must name one object, such as vm/web.');
  const path = pathOf(named, session.namespace);
  const before = stringify(await session.request({ path }), { lineWidth: 0 });
  const folder = mkdtempSync(join(tmpdir(), 'virtdeck-edit-'));
  try {
    const file = join(folder, `${named.name}.yaml`);
    writeFileSync(file, before, { mode: 0o600 });
    await runEditor(file);
    const after = readFileSync(file, 'utf8');
    if (after === before) {
      session.print('Edit cancelled, no changes made.');
      return;
    }
    const [draft] = parseManifests(after, file);
    await session.request({ method: 'PUT', path, body: draft });
    session.print(`${printedName(named.kind, named.name)} edited`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runEditor(file: string): Promise<void> {
  // EDITOR may carry arguments ("code --wait"): split on blanks, no shell.
  const [program = 'vi', ...args] = (process.env['KUBE_EDITOR'] ?? process.env['VISUAL'] ?? process.env['EDITOR'] ?? 'vi').split(/\s+/);
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args, file], { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new UsageError(`${program} ended with status ${code}; nothing was saved`)),
    );
  });
}

function namedOf(draft: DraftObject): Named {
  const kind = kindNamed(draft.apiVersion, draft.kind);
  if (kind === undefined) {
    throw new UsageError(`no matches for kind "${draft.kind}" in version "${draft.apiVersion}"`);
  }
  return { kind };
}

function collection(session: Session, draft: DraftObject): string {
  return pathOf(namedOf(draft), draft.metadata.namespace ?? session.namespace);
}

async function existing(session: Session, named: Named, draft: DraftObject): Promise<KubeObject | undefined> {
  try {
    return (await session.request({ path: pathOf(named, draft.metadata.namespace ?? session.namespace) })) as KubeObject;
  } catch (error) {
    if (error instanceof ApiRefusal && error.status.code === 404) return undefined;
    throw error;
  }
}

function dryRunQuery({ dryRun }: WriteOptions): string {
  return dryRun === undefined || dryRun === 'none' ? '' : '?dryRun=All';
}

function dryRunWord({ dryRun }: WriteOptions): string {
  return dryRun === undefined || dryRun === 'none' ? '' : ' (server dry run)';
}
