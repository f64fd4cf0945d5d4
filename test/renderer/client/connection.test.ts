// Owns the proof that one lost line is a lost connection, and that it is found again only when all lines are.
// Must not test who reports.
import { expect, test } from 'vitest';
import { ApiError } from '../../../renderer/client/api-error.ts';
import { createConnectionStore } from '../../../renderer/client/connection.ts';

test('lost with the first line, found with the last', () => {
  const store = createConnectionStore();
  const seen: unknown[] = [];
  store.subscribe(() => seen.push(store.snapshot()));
  store.report('vms', new Error('gone'));
  store.report('nodes', new Error('gone too'));
  store.report('vms', new Error('gone'));
  store.report('vms', undefined);
  store.report('vms', undefined);
  store.report('nodes', undefined);
  expect(seen).toEqual([{ state: 'lost', message: 'gone' }, { state: 'lost', message: 'gone too' }, { state: 'connected' }]);
});

test('a core that was started anew does not know the page', () => {
  const store = createConnectionStore();
  const seen: unknown[] = [];
  store.subscribe(() => seen.push(store.snapshot()));
  store.report('vms', new Error('gone'));
  store.report('nodes', new ApiError(401, 'Nobody is signed in here.'));
  store.report('vms', new ApiError(401, 'Nobody is signed in here.'));
  expect(seen).toEqual([{ state: 'lost', message: 'gone' }, { state: 'signedOut' }]);
});
