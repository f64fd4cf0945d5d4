// Owns which failure of a machine its page speaks of: the newest with evidence, until it is dismissed.
// Must not touch the page.
import { annotations } from '../../../electron/api/annotations.ts';
import type { Event } from '../../../electron/api/kinds/event.ts';

export interface Failure {
  /** Names it over restarts of the window. */
  readonly id: string;
  readonly reason: 'Watchdog' | 'GuestPanicked' | 'Unhealthy' | 'other';
  readonly message: string;
  /** RFC 3339. */
  readonly time: string;
}

export interface FailureOf {
  readonly namespace: string;
  readonly name: string;
  /** Id of the failure that the user has seen. */
  readonly dismissed?: string | undefined;
}

const known = ['Watchdog', 'GuestPanicked', 'Unhealthy'] as const;

export function latestFailure(events: readonly Event[], { namespace, name, dismissed }: FailureOf): Failure | undefined {
  const newest = events
    .filter(
      ({ metadata, involvedObject: about }) => about.name === name && about.namespace === namespace && evidenceOf(metadata) !== undefined,
    )
    .toSorted((a, b) => b.lastTimestamp.localeCompare(a.lastTimestamp))[0];
  const id = newest === undefined ? undefined : evidenceOf(newest.metadata);
  if (newest === undefined || id === undefined || id === dismissed) return undefined;
  return { id, reason: known.find((one) => one === newest.reason) ?? 'other', message: newest.message, time: newest.lastTimestamp };
}

function evidenceOf({ annotations: notes }: Event['metadata']): string | undefined {
  return notes?.[annotations.evidence];
}
