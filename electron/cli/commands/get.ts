// Owns `virtdeck get`: one object, some, or all of a type, printed or watched.
// Must not change anything.
import type { Status } from '../../api/errors.ts';
import type { KubeObject } from '../../api/object.ts';
import { ApiRefusal } from '../connection.ts';
import { type ObjectOutput, objectText, parseOutput, type Table, tableLines, withCountdown, withTypes } from '../print.ts';
import { forEach, throwRefusals } from '../refusals.ts';
import { type Named, parseNames, pathOf, UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';

export interface GetOptions {
  readonly output?: string;
  readonly watch?: boolean;
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly headers: boolean;
}

interface Versioned {
  readonly metadata?: { readonly resourceVersion?: string };
}

const tableType = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

export async function get(session: Session, words: readonly string[], options: GetOptions): Promise<void> {
  const output = parseOutput(options.output);
  const named = parseNames(words);
  const byName = named.some(({ name }) => name !== undefined);
  if (byName && session.allNamespaces) throw new UsageError('a resource cannot be retrieved by name across all namespaces');
  if (byName && (options.selector ?? options.fieldSelector) !== undefined) {
    throw new UsageError('name cannot be provided when a selector is specified');
  }
  if (options.watch === true) {
    const [only, ...more] = named;
    if (only === undefined || more.length > 0)
      throw new UsageError('you may only specify a single resource type, or one name, with --watch');
    return output.type === 'table'
      ? watchTable(session, only, { ...options, wide: output.wide })
      : watchObjects(session, { named: only, output, options });
  }
  return output.type === 'table'
    ? printTables(session, named, { ...options, wide: output.wide })
    : printObjects(session, { named, output, options });
}

interface ObjectsAsked<Which> {
  readonly named: Which;
  readonly output: ObjectOutput;
  readonly options: GetOptions;
}

async function printObjects(session: Session, { named, output, options }: ObjectsAsked<readonly Named[]>): Promise<void> {
  const [answers, refusals] = await forEach(named, (each) => session.request({ path: queryPath(session, each, options) }));
  const single = named.length === 1 && named[0]?.name !== undefined;
  const items = answers.flatMap((answer) => (answer as { readonly items?: readonly unknown[] }).items ?? [answer]);
  const list = { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } };
  if (answers.length > 0) process.stdout.write(await objectText(output, single ? answers[0] : list));
  throwRefusals(refusals);
}

type TableOptions = GetOptions & { readonly wide: boolean };

/** One table for each type; several types are told apart by names such as `virtualmachine.kubevirt.io/web`. */
async function printTables(session: Session, named: readonly Named[], options: TableOptions): Promise<void> {
  const [tables, refusals] = await forEach(named, async (each) => ({ kind: each.kind, table: await tableOf(session, each, options) }));
  const kinds = [...new Set(named.map(({ kind }) => kind))];
  const texts = kinds.flatMap((kind) => {
    const [first, ...more] = tables.filter((one) => one.kind === kind).map(({ table }) => table);
    if (first === undefined) return [];
    const joined = { ...first, rows: [first, ...more].flatMap(({ rows }) => rows) };
    if (joined.rows.length === 0) return [];
    const layout = { wide: options.wide, namespace: session.allNamespaces && kind.namespaced, header: options.headers };
    return [tableLines(kinds.length > 1 ? withTypes(joined, kind) : joined, layout).join('\n')];
  });
  if (texts.length > 0) session.print(texts.join('\n\n'));
  else if (refusals.length === 0) {
    const inProject = !session.allNamespaces && kinds.some(({ namespaced }) => namespaced);
    process.stderr.write(inProject ? `No resources found in ${session.namespace} namespace.\n` : 'No resources found\n');
  }
  throwRefusals(refusals);
}

async function tableOf(session: Session, named: Named, options: GetOptions): Promise<Table & Versioned> {
  const table = (await session.request({ path: queryPath(session, named, options), accept: tableType })) as Table & Versioned;
  return { ...table, ...withCountdown(table, Date.now()) };
}

async function watchTable(session: Session, named: Named, options: TableOptions): Promise<void> {
  const layout = { wide: options.wide, namespace: session.allNamespaces && named.kind.namespaced };
  const table = await tableOf(session, named, options);
  if (table.rows.length > 0) session.print(tableLines(table, { ...layout, header: options.headers }).join('\n'));
  let header = options.headers && table.rows.length === 0;
  let columns = table.columnDefinitions;
  const since = table.metadata?.resourceVersion;
  for await (const object of changes(session, { path: watchPath(session, named, options), since, accept: tableType })) {
    const change = object as Table;
    columns = change.columnDefinitions?.length > 0 ? change.columnDefinitions : columns;
    const shown = withCountdown({ ...change, columnDefinitions: columns }, Date.now());
    session.print(tableLines(shown, { ...layout, header }).join('\n'));
    header = false;
  }
}

async function watchObjects(session: Session, { named, output, options }: ObjectsAsked<Named>): Promise<void> {
  const answer = (await session.request({ path: queryPath(session, named, options) })) as KubeObject & { readonly items?: KubeObject[] };
  const print = async (object: unknown): Promise<void> => {
    if (output.type === 'yaml') process.stdout.write('---\n');
    process.stdout.write(await objectText(output, object));
  };
  for (const object of answer.items ?? [answer]) await print(object);
  const since = answer.metadata.resourceVersion;
  for await (const object of changes(session, { path: watchPath(session, named, options), since })) await print(object);
}

interface Watched {
  readonly path: string;
  readonly since: string | undefined;
  readonly accept?: string;
}

async function* changes(session: Session, { path, since, accept }: Watched): AsyncGenerator<unknown> {
  const query = `${path.includes('?') ? '&' : '?'}watch=true${since === undefined ? '' : `&resourceVersion=${since}`}`;
  for await (const event of session.lines({ path: path + query, ...(accept === undefined ? {} : { accept }) })) {
    const { type, object } = event as { readonly type: string; readonly object: unknown };
    if (type === 'ERROR') throw new ApiRefusal(object as Status);
    if (type !== 'BOOKMARK') yield object;
  }
}

/** A single object is watched as a list of one. */
function watchPath(session: Session, named: Named, options: GetOptions): string {
  if (named.name === undefined) return queryPath(session, named, options);
  return `${pathOf({ kind: named.kind }, session.scope)}?fieldSelector=${encodeURIComponent(`metadata.name=${named.name}`)}`;
}

function queryPath(session: Session, named: Named, options: GetOptions): string {
  const query = new URLSearchParams();
  if (options.selector !== undefined) query.set('labelSelector', options.selector);
  if (options.fieldSelector !== undefined) query.set('fieldSelector', options.fieldSelector);
  const text = query.toString();
  return `${pathOf(named, session.scope)}${text === '' ? '' : `?${text}`}`;
}
