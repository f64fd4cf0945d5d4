// Owns the address /events.
// Must not hold the page itself.
import { EventsPage } from '../../features/events/events-page.tsx';

export default function Events() {
  return <EventsPage />;
}
