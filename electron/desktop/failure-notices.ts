// Owns telling the desktop of failures: each event with evidence once, from the moment the shell is up.
// Must not tell of what happened before.
import { annotations } from '../api/annotations.ts';
import type { Event } from '../api/kinds/event.ts';
import type { Caller, Router } from '../server/router.ts';
import { followObjects } from './follow-objects.ts';

export interface FailureNotice {
  readonly namespace: string;
  readonly name: string;
  readonly message: string;
}

/** Until the answered function is called. */
export function followFailures(router: Router, caller: Caller, onFailure: (notice: FailureNotice) => void): () => void {
  const told = new Set<string>();
  let isFirst = true;
  const hear = ({ metadata, involvedObject, message }: Event, isNews: boolean): void => {
    const id = metadata.annotations?.[annotations.evidence];
    if (id === undefined || told.has(id)) return;
    told.add(id);
    if (isNews) onFailure({ namespace: involvedObject.namespace ?? 'default', name: involvedObject.name, message });
  };
  return followObjects<Event>(router, caller, {
    path: 'http://core/api/v1/events',
    onList(events) {
      for (const event of events) hear(event, !isFirst);
      isFirst = false;
    },
    onChange: (event, isThere) => hear(event, isThere),
  });
}
