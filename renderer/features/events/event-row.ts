// Owns an event as the window shows it, and which events a filter leaves.
// Must not touch the page.
import { annotations } from '../../../electron/api/annotations.ts';
import type { Event } from '../../../electron/api/kinds/event.ts';

export interface EventRow {
  readonly id: string;
  readonly isWarning: boolean;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** RFC 3339. */
  readonly last: string;
  readonly first: string;
  /** Id of what was kept of it. */
  readonly evidence?: string;
  /** Everything a search may find, in lower case. */
  readonly text: string;
}

export interface EventFilter {
  readonly query: string;
  readonly type: 'all' | 'warnings';
}

/** The newest first. */
export function eventRows(events: readonly Event[]): readonly EventRow[] {
  return events.map(eventRow).toSorted((a, b) => b.last.localeCompare(a.last) || b.id.localeCompare(a.id));
}

function eventRow({ metadata, involvedObject, type, reason, message, count, firstTimestamp, lastTimestamp }: Event): EventRow {
  const last = lastTimestamp || metadata.creationTimestamp;
  return {
    id: metadata.uid,
    isWarning: type === 'Warning',
    kind: involvedObject.kind,
    namespace: involvedObject.namespace,
    name: involvedObject.name,
    reason,
    message,
    count,
    last,
    first: firstTimestamp || last,
    evidence: metadata.annotations?.[annotations.evidence],
    text: `${involvedObject.kind}\n${involvedObject.name}\n${reason}\n${message}`.toLowerCase(),
  };
}

export function filterEvents(rows: readonly EventRow[], { query, type }: EventFilter): readonly EventRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => (type === 'all' || row.isWarning) && words.every((word) => row.text.includes(word)));
}

/** Of a machine: its definition, its run, and what is made for it bears its name. */
export function eventsOf(
  rows: readonly EventRow[],
  { namespace, name }: { readonly namespace: string; readonly name: string },
): readonly EventRow[] {
  return rows.filter((row) => row.namespace === namespace && row.name === name);
}
