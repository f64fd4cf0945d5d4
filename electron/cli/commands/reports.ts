// Owns `virtdeck events` and `virtdeck doctor`.
// Must not change anything.
import { annotations } from '../../api/annotations.ts';
import type { ComputerReport } from '../../api/computer.ts';
import type { Evidence } from '../../api/evidence.ts';
import type { Event } from '../../api/kinds/event.ts';
import { eventKind } from '../../api/kinds/event.ts';
import { ApiRefusal } from '../connection.ts';
import { aligned } from '../print.ts';
import { kindByWord, pathOf } from '../resource-names.ts';
import type { Session } from '../session.ts';
import { evidencePath, screenText } from './evidence.ts';

export async function events(session: Session, options: { readonly watch?: boolean; readonly for?: string }): Promise<void> {
  const [name, typeWord] = (options.for ?? '')
    .split('/')
    .toReversed()
    .map((word) => (word === '' ? undefined : word));
  const kindName = typeWord === undefined ? undefined : kindByWord(typeWord).kind;
  const wanted = (event: Event): boolean =>
    (kindName === undefined || event.involvedObject.kind === kindName) && (name === undefined || event.involvedObject.name === name);
  const path = pathOf({ kind: eventKind }, session.scope);
  const list = (await session.request({ path })) as {
    readonly items: readonly Event[];
    readonly metadata: { readonly resourceVersion: string };
  };
  const sorted = list.items.filter(wanted).toSorted((a, b) => a.lastTimestamp.localeCompare(b.lastTimestamp));
  if (sorted.length === 0 && options.watch !== true) {
    process.stderr.write(session.allNamespaces ? 'No events found.\n' : `No events found in ${session.namespace} namespace.\n`);
  } else {
    const kept = await keptOf(session, sorted);
    const rows = sorted.map((event) => eventRow(event, kept.get(evidenceId(event) ?? '')));
    session.print(aligned([['LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'], ...rows]).join('\n'));
  }
  if (options.watch !== true) return;
  for await (const line of session.lines({ path: `${path}?watch=true&resourceVersion=${list.metadata.resourceVersion}` })) {
    const { type, object } = line as { readonly type: string; readonly object: Event };
    if ((type === 'ADDED' || type === 'MODIFIED') && wanted(object)) session.print(eventRow(object).join('   '));
  }
}

function evidenceId({ metadata }: Event): string | undefined {
  return metadata.annotations?.[annotations.evidence];
}

/** What is still kept of the failures among these events, by its id. Nothing of a machine that is gone. */
async function keptOf(session: Session, shown: readonly Event[]): Promise<ReadonlyMap<string, Evidence>> {
  const failed = shown.filter((event) => evidenceId(event) !== undefined).map(({ involvedObject }) => involvedObject);
  const paths = new Set(failed.map(({ namespace = session.namespace, name }) => evidencePath(namespace, name)));
  const keptAt = async (path: string): Promise<readonly Evidence[]> => {
    try {
      return ((await session.request({ path })) as { readonly items: readonly Evidence[] }).items;
    } catch (error) {
      if (error instanceof ApiRefusal && error.status.code === 404) return [];
      throw error;
    }
  };
  const lists = await Promise.all([...paths].map(keptAt));
  return new Map(lists.flat().map((one) => [one.id, one]));
}

function eventRow(event: Event, evidence?: Evidence): string[] {
  const times = event.count > 1 ? ` (x${event.count})` : '';
  return [
    event.lastTimestamp + times,
    event.type,
    event.reason,
    `${event.involvedObject.kind.toLowerCase()}/${event.involvedObject.name}`,
    evidence === undefined ? event.message : `${event.message} ${pointer(event, evidence)}`,
  ];
}

/** Where the rest of it is, and whether there is a picture. */
function pointer({ involvedObject }: Event, evidence: Evidence): string {
  const screen = screenText(evidence);
  const command = `virtdeck evidence ${involvedObject.name} ${evidence.id}`;
  return screen === undefined ? `(${command})` : `(screen ${screen}: ${command})`;
}

const marks = { ok: '✔', warning: '⚠', error: '✖' } as const;

/** True when nothing is wrong. */
export async function doctor(session: Session): Promise<boolean> {
  const report = (await session.request({ path: '/apis/virtdeck.io/v1alpha1/computer' })) as ComputerReport;
  session.print(
    `Virtdeck ${report.version} on ${report.hostname}: ${report.cpus.threads} CPUs (${report.cpus.model}), ${report.memory.totalMiB} MiB memory`,
  );
  for (const check of report.checks) {
    session.print(`${marks[check.state]} ${check.id}: ${check.message}`);
    if (check.fix !== undefined) session.print(`    ${check.fix}`);
    if (check.command !== undefined) session.print(`    $ ${check.command}`);
  }
  return report.checks.every((check) => check.state !== 'error');
}
