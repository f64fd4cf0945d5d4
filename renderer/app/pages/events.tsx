// Owns the address /events.
// Must not hold the page itself.
import { Revisions } from '../../features/history/revisions.tsx';
import { EventsPage } from '../../features/events/events-page.tsx';

export default function Events() {
  return <EventsPage changes={<Revisions />} />;
}
