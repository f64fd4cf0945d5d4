// Owns the proof that one lost line is a lost connection, and that it is found again only when all lines are.
// Must not test who reports.
import { expect, test } from 'vitest';
import { createConnectionStore } from '../../../renderer/client/connection.ts';

test('lost with the first line, found with the last', () => {
  let now = 1000;
  const store = createConnectionStore(() => now);
  const seen: unknown[] = [];
  store.subscribe(() => seen.push(store.snapshot()));
  store.report('vms', new Error('gone'));
  now = 2000;
  store.report('nodes', new Error('gone too'));
  store.report('vms', undefined);
  store.report('vms', undefined);
  store.report('nodes', undefined);
  expect(seen).toEqual([{ state: 'lost', since: 1000, message: 'gone' }, { state: 'connected' }]);
});
