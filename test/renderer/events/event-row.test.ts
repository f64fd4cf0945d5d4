// Owns the rows of how events are ordered, filtered and given to a machine.
// Must not test when one is emitted.
import { expect, test } from 'vitest';
import type { Event } from '../../../electron/api/kinds/event.ts';
import { eventRows, eventsOf, filterEvents } from '../../../renderer/features/events/event-row.ts';

const event = (uid: string, minute: number, more: Partial<Event> = {}): Event => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: uid, namespace: 'default', uid, resourceVersion: '1', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' },
  involvedObject: { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', namespace: 'default', name: 'web', uid: 'w' },
  type: 'Normal',
  reason: 'Started',
  message: 'The machine runs.',
  count: 1,
  firstTimestamp: `2026-01-01T00:0${minute}:00Z`,
  lastTimestamp: `2026-01-01T00:0${minute}:00Z`,
  ...more,
});
const about = (kind: string, name: string): Pick<Event, 'involvedObject'> => ({
  involvedObject: { apiVersion: 'v1', kind, namespace: 'default', name, uid: name },
});
const rows = eventRows([
  event('a', 1),
  event('b', 3, { type: 'Warning', reason: 'Failed', message: 'No memory.', ...about('VirtualMachineInstance', 'web') }),
  event('c', 2, about('DataVolume', 'root')),
]);
const ids = (list: readonly { readonly id: string }[]): string => list.map(({ id }) => id).join('');

test('the newest first', () => {
  expect(ids(rows)).toBe('bca');
});

test.each([
  { filter: { query: '', type: 'all' }, want: 'bca' },
  { filter: { query: '', type: 'warnings' }, want: 'b' },
  { filter: { query: 'MEMORY web', type: 'all' }, want: 'b' },
  { filter: { query: 'root', type: 'all' }, want: 'c' },
  { filter: { query: 'root', type: 'warnings' }, want: '' },
] as const)('$filter', ({ filter, want }) => {
  expect(ids(filterEvents(rows, filter))).toBe(want);
});

test('of a machine: its definition and its run', () => {
  expect(ids(eventsOf(rows, { namespace: 'default', name: 'web' }))).toBe('ba');
});
