// Owns the proof of what the page of certificates makes of the report.
import { expect, test } from 'vitest';
import { chainView, percentOfLife } from '../../../renderer/features/certificates/chain-view.ts';

const life = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2026-01-03T00:00:00Z', fingerprint: 'AA' };

test('the newest authority comes first, with what it signed', () => {
  const view = chainView({
    authorities: [
      { ...life, serialNumber: 'old', signs: false },
      { ...life, serialNumber: 'new', signs: true, renewAt: '2026-01-02T00:00:00Z' },
    ],
    servers: [{ ...life, serialNumber: 's', name: 'api', authority: 'new', hosts: ['localhost'] }],
  });
  expect(view.map(({ serialNumber, servers, renewAt }) => [serialNumber, servers.map(({ name }) => name), renewAt])).toEqual([
    ['new', ['api'], Date.UTC(2026, 0, 2)],
    ['old', [], undefined],
  ]);
});

test.each([
  [-1, 0],
  [0, 0],
  [12, 25],
  [48, 100],
  [50, 100],
])('after %i hours of 48, %i %% have passed', (hours, percent) => {
  expect(percentOfLife({ from: 0, until: 48 }, hours)).toBe(percent);
});
