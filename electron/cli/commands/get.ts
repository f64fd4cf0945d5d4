// Owns `virtdeck get`: one object, some, or all of a type, printed or watched.
// Must not change anything.
import { objectText, parseOutput, type Table, tableLines } from '../print.ts';
import { type Named, parseNames, pathOf } from '../resource-names.ts';
import type { Session } from '../session.ts';

export interface GetOptions {
  readonly output?: string;
  readonly watch?: boolean;
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly headers: boolean;
}

const tableType = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

export async function get(session: Session, words: readonly string[], options: GetOptions): Promise<void> {
  const output = parseOutput(options.output);
  const named = parseNames(words);
  if (output.type === 'table') {
    for (const each of named) await printTable(session, each, { ...options, wide: output.wide });
    return;
  }
  const answers: unknown[] = [];
  for (const each of named) answers.push(await session.request({ path: queryPath(session, each, options) }));
  const lists = answers.flatMap((answer) => (answer as { readonly items?: readonly unknown[] }).items ?? [answer]);
  const single = named.length === 1 && named[0]?.name !== undefined;
  session.print(
    objectText(output, single ? answers[0] : { apiVersion: 'v1', items: lists, kind: 'List', metadata: { resourceVersion: '' } }),
  );
}

async function printTable(session: Session, named: Named, options: GetOptions & { readonly wide: boolean }): Promise<void> {
  const namespace = session.allNamespaces && named.kind.namespaced;
  const layout = { wide: options.wide, namespace };
  const path = queryPath(session, named, options);
  const table = (await session.request({ path, accept: tableType })) as Table & {
    readonly metadata?: { readonly resourceVersion?: string };
  };
  if (table.rows.length === 0 && options.watch !== true) {
    process.stderr.write(
      named.kind.namespaced && !session.allNamespaces ? `No resources found in ${session.namespace} namespace.\n` : 'No resources found\n',
    );
    return;
  }
  session.print(tableLines(table, { ...layout, header: options.headers }).join('\n'));
  if (options.watch !== true) return;
  const since = table.metadata?.resourceVersion;
  const more = `${path.includes('?') ? '&' : '?'}watch=true${since === undefined ? '' : `&resourceVersion=${since}`}`;
  const watched = named.name === undefined ? path : watchPath(session, named);
  let columns = table.columnDefinitions;
  for await (const event of session.lines({
    path: `${watched}${more.replace(/^&/, watched.includes('?') ? '&' : '?')}`,
    accept: tableType,
  })) {
    const { type, object } = event as { readonly type: string; readonly object: Table };
    if (type === 'BOOKMARK' || object.rows === undefined) continue;
    columns = object.columnDefinitions?.length > 0 ? object.columnDefinitions : columns;
    session.print(tableLines({ ...object, columnDefinitions: columns }, { ...layout, header: false }).join('\n'));
  }
}

/** A single object is watched as a list of one. */
function watchPath(session: Session, { kind, name }: Named): string {
  return `${pathOf({ kind }, session.scope)}?fieldSelector=${encodeURIComponent(`metadata.name=${name}`)}`;
}

function queryPath(session: Session, named: Named, options: GetOptions): string {
  const query = new URLSearchParams();
  if (options.selector !== undefined) query.set('labelSelector', options.selector);
  if (options.fieldSelector !== undefined) query.set('fieldSelector', options.fieldSelector);
  const text = query.toString();
  return `${pathOf(named, session.scope)}${text === '' ? '' : `?${text}`}`;
}
