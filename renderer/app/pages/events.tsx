// Owns the address /events.
// Must not hold the page itself.
import { useIsComputer } from '../../client/context.tsx';
import { Revisions } from '../../features/history/revisions.tsx';
import { EventsPage } from '../../features/events/events-page.tsx';

export default function Events() {
  // Only this computer keeps what was changed.
  return <EventsPage changes={useIsComputer() ? <Revisions /> : undefined} />;
}
