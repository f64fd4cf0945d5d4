// Owns `virtdeck delete`: by name, by manifest, or all of a type; and the wait until they are gone.
// Must not know what hangs on an object; the API does.
import type { KubeObject } from '../../api/object.ts';
import { ApiRefusal } from '../connection.ts';
import { readManifests } from '../manifests.ts';
import { isDryRun, propagationPolicy, wholeNumber } from '../options.ts';
import { forEach, throwRefusals } from '../refusals.ts';
import { type Named, parseNames, pathOf, printedType, UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';
import { dryRunQuery, dryRunWord, type Target, targetIn, type WriteOptions } from './write.ts';

export interface DeleteOptions extends WriteOptions {
  readonly wait: boolean;
  readonly cascade: string;
  readonly gracePeriod?: string;
  readonly ignoreNotFound?: boolean;
  readonly all?: boolean;
  readonly selector?: string;
}

export async function remove(session: Session, words: readonly string[], options: DeleteOptions): Promise<void> {
  if (words.length === 0 && options.filename.length === 0) {
    throw new UsageError('You must provide one or more resources by argument or filename, such as vm/web or -f web.yaml.');
  }
  const dryRun = isDryRun(options.dryRun);
  const body = {
    propagationPolicy: propagationPolicy(options.cascade),
    ...(options.gracePeriod === undefined ? {} : { gracePeriodSeconds: wholeNumber('--grace-period', options.gracePeriod) }),
  };
  const targets = await targetsOf(session, words, options);
  if (targets.length === 0) process.stderr.write('No resources found\n');
  const [deleted, refusals] = await forEach(targets, async (target) => {
    const path = `${pathOf(target, target.namespace)}${dryRunQuery(dryRun)}`;
    try {
      await session.request({ method: 'DELETE', path, body });
    } catch (error) {
      if (options.ignoreNotFound === true && isNotFound(error)) return undefined;
      throw error;
    }
    const place = target.kind.namespaced ? ` from ${target.namespace} namespace` : '';
    session.print(`${printedType(target.kind)} "${target.name}" deleted${dryRunWord(dryRun)}${place}`);
    return target;
  });
  // All were asked first, so that machines shut down side by side.
  if (options.wait && !dryRun) for (const target of deleted) if (target !== undefined) await gone(session, target);
  throwRefusals(refusals);
}

async function targetsOf(session: Session, words: readonly string[], options: DeleteOptions): Promise<readonly Target[]> {
  const targets: Target[] = [];
  if (options.filename.length > 0) {
    for (const manifest of await readManifests(options.filename)) targets.push(targetIn(session, manifest));
  }
  for (const named of words.length > 0 ? parseNames(words) : []) targets.push(...(await expanded(session, named, options)));
  return targets;
}

async function expanded(session: Session, { kind, name }: Named, options: DeleteOptions): Promise<readonly Target[]> {
  const many = options.all === true || options.selector !== undefined;
  if (name !== undefined) {
    if (many) throw new UsageError('name cannot be provided with --all or a selector');
    return [{ kind, name, namespace: session.namespace }];
  }
  if (!many) throw new UsageError('resource(s) were provided, but no name was specified');
  const query = options.selector === undefined ? '' : `?labelSelector=${encodeURIComponent(options.selector)}`;
  const list = (await session.request({ path: `${pathOf({ kind }, session.scope)}${query}` })) as { readonly items: readonly KubeObject[] };
  return list.items.map(({ metadata }) => ({ kind, name: metadata.name, namespace: metadata.namespace ?? session.namespace }));
}

/** Waits on the watch, from the version at which it was last seen: what goes in between is not missed. */
async function gone(session: Session, { kind, name, namespace }: Target): Promise<void> {
  const path = `${pathOf({ kind }, namespace)}?fieldSelector=${encodeURIComponent(`metadata.name=${name}`)}`;
  const list = (await session.request({ path })) as {
    readonly items: readonly KubeObject[];
    readonly metadata: { readonly resourceVersion: string };
  };
  if (list.items[0]?.metadata.deletionTimestamp === undefined) return;
  const abort = new AbortController();
  const events = session.lines({ path: `${path}&watch=true&resourceVersion=${list.metadata.resourceVersion}`, signal: abort.signal });
  for await (const event of events) if ((event as { readonly type: string }).type === 'DELETED') break;
  abort.abort();
}

function isNotFound(error: unknown): boolean {
  return error instanceof ApiRefusal && error.status.code === 404;
}
