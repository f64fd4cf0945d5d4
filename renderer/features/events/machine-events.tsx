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
}

export function MachineEvents({ namespace, name, limit }: MachineEventsProps) {
  const { items } = useList('events');
  const rows = useMemo(() => eventsOf(eventRows(items), { namespace, name }), [items, namespace, name]);
  return <EventList rows={rows} showObject={false} limit={limit} headingLevel={limit === undefined ? 'h2' : 'h3'} />;
}
