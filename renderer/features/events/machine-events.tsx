// Owns the events of one machine.
// Must not know the page it stands on.
import { useMemo } from 'react';
import { useList } from '../../client/hooks.ts';
import { EventList } from './event-list.tsx';
import { eventRows, eventsOf } from './event-row.ts';

export interface MachineEventsProps {
  readonly namespace: string;
  readonly name: string;
  readonly limit: number;
  /** h2 on a page of its own, h3 in a card. */
  readonly headingLevel: 'h2' | 'h3';
}

export function MachineEvents({ namespace, name, limit, headingLevel }: MachineEventsProps) {
  const { items } = useList('events');
  const rows = useMemo(() => eventsOf(eventRows(items), { namespace, name }), [items, namespace, name]);
  return <EventList rows={rows} showObject={false} limit={limit} headingLevel={headingLevel} />;
}
