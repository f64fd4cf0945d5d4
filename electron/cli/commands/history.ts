// Owns `virtdeck history` and `virtdeck undo`: what was changed by whom, and taking it back.
// Must not decide what can be taken back; the API says.
import { resourceId } from '../../api/kinds/kind.ts';
import type { FieldChange, Revision, RevisionList } from '../../api/revision.ts';
import { aligned, yamlText } from '../print.ts';
import { kindByWord, type Named, parseNames, printedName, UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';

const root = '/apis/virtdeck.io/v1alpha1/revisions';

export async function history(session: Session, word: string, options: { readonly revision?: string }): Promise<void> {
  const named = objectNamed(word);
  if (options.revision !== undefined) {
    await show(session, options.revision);
    return;
  }
  const items = await revisionsOf(session, named);
  if (items.length === 0) process.stderr.write(`No changes of ${printedName(named.kind, named.name)} are kept.\n`);
  else session.print(aligned([['REVISION', 'WHEN', 'WHO', 'WHAT', 'CHANGED'], ...items.toReversed().map(row)]).join('\n'));
}

export interface UndoOptions {
  /** Undo this one; the last that was not undone without it. */
  readonly revision?: string;
  /** Bring this version back, over whatever came later. */
  readonly toRevision?: string;
}

export async function undo(session: Session, word: string, { revision, toRevision }: UndoOptions): Promise<void> {
  const named = objectNamed(word);
  if (revision !== undefined && toRevision !== undefined) throw new UsageError('use --revision or --to-revision, not both');
  const how = toRevision === undefined ? 'undo' : 'restore';
  const name = toRevision ?? revision ?? (await lastDone(session, named));
  const made = (await session.request({ method: 'POST', path: `${root}/${encodeURIComponent(name)}/${how}` })) as Revision;
  session.print(`${printedName(named.kind, made.object.name)} rolled back (revision ${made.metadata.name})`);
}

/** `web` is a machine, `pvc/root` a disk. */
function objectNamed(word: string): Named & { readonly name: string } {
  const [first] = word.includes('/') ? parseNames([word]) : [{ kind: kindByWord('vm'), name: word }];
  if (first?.name === undefined) throw new UsageError('You must name one object: NAME of a machine, or TYPE/NAME.');
  return { ...first, name: first.name };
}

async function revisionsOf(session: Session, { kind, name }: Named & { readonly name: string }): Promise<readonly Revision[]> {
  const query = new URLSearchParams({ resource: resourceId(kind), name, ...(kind.namespaced ? { namespace: session.namespace } : {}) });
  return ((await session.request({ path: `${root}?${query.toString()}` })) as RevisionList).items;
}

async function lastDone(session: Session, named: Named & { readonly name: string }): Promise<string> {
  const last = (await revisionsOf(session, named)).find(
    ({ undoes, undoRefused }) => undoes === undefined && undoRefused?.reason !== 'AlreadyUndone',
  );
  if (last === undefined) throw new UsageError(`No change of ${printedName(named.kind, named.name)} is left to undo.`);
  return last.metadata.name;
}

function row({ metadata, manager, operation, changes, undoes }: Revision): string[] {
  const fields = changes.map(({ field }) => field).join(', ');
  return [
    metadata.name,
    metadata.creationTimestamp,
    manager,
    undoes === undefined ? operation : `undo of ${undoes}`,
    fields === '' ? '<all>' : fields,
  ];
}

async function show(session: Session, name: string): Promise<void> {
  const revision = (await session.request({ path: `${root}/${encodeURIComponent(name)}` })) as Revision;
  const { changes, before, after, undoRefused } = revision;
  const whole = after ?? before;
  const lines = changes.length > 0 ? changes.flatMap(changeLines) : whole === undefined ? [] : [(await yamlText(whole)).trimEnd()];
  const refused = undoRefused === undefined ? [] : [`Cannot be undone: ${undoRefused.message}`];
  session.print([row(revision).slice(0, 4).join('  '), ...lines, ...refused].join('\n'));
}

function changeLines({ field, before, after }: FieldChange): readonly string[] {
  const sides = [
    before === undefined ? [] : [`  - ${JSON.stringify(before)}`],
    after === undefined ? [] : [`  + ${JSON.stringify(after)}`],
  ];
  return [field, ...sides.flat()];
}
