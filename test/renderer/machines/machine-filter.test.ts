// Owns the rows of what a filter leaves and in which order.
// Must not test drawing.
import { describe, expect, test } from 'vitest';
import {
  filterMachines,
  labelsOf,
  noFilter,
  sortMachines,
  type MachineFilter,
  type Sort,
} from '../../../renderer/features/machines/machine-filter.ts';
import { machineView } from '../../../renderer/features/machines/machine-view.ts';
import { withMeta } from '../../fakes/builders.ts';
import { runningView, stoppedView, storedVm, storedVmi } from './machines.ts';

const early = storedVm('early', { status: { printableStatus: 'Running' } });
const machines = [
  stoppedView('build-1', withMeta({ labels: { team: 'ci' } })),
  machineView(early, {
    ...storedVmi(early),
    status: {
      phase: 'Running',
      interfaces: [{ ipAddress: '192.168.1.7' }],
      phaseTransitionTimestamps: [{ phase: 'Running', phaseTransitionTimestamp: '2025-01-01T00:00:00Z' }],
    },
  }),
  machineView(
    storedVm('broken', {
      status: { printableStatus: 'CrashLoopBackOff', conditions: [{ type: 'Failure', status: 'True', message: 'No memory left' }] },
    }),
    undefined,
  ),
  runningView('web', withMeta({ labels: { team: 'shop', tier: 'front' }, annotations: { 'virtdeck.io/description': 'Öffentlich' } })),
];
const names = (filter: Partial<MachineFilter>): readonly string[] =>
  filterMachines(machines, { ...noFilter, ...filter }).map(({ name }) => name);

describe('filterMachines', () => {
  test.each([
    { name: 'nothing asked', filter: {}, want: ['build-1', 'early', 'broken', 'web'] },
    { name: 'part of a name, any case', filter: { query: 'BUILD' }, want: ['build-1'] },
    { name: 'two words in any place', filter: { query: 'front we' }, want: ['web'] },
    { name: 'an address', filter: { query: '192.168' }, want: ['early'] },
    { name: 'a reason', filter: { query: 'memory' }, want: ['broken'] },
    { name: 'a description', filter: { query: 'öffentlich' }, want: ['web'] },
    { name: 'a status', filter: { groups: ['running'] }, want: ['early', 'web'] },
    { name: 'one of two statuses', filter: { groups: ['problem', 'stopped'] }, want: ['build-1', 'broken'] },
    { name: 'all labels', filter: { labels: ['team=shop', 'tier=front'] }, want: ['web'] },
    { name: 'labels of different machines', filter: { labels: ['team=shop', 'team=ci'] }, want: [] },
    { name: 'everything together', filter: { query: 'e', groups: ['running'], labels: ['tier=front'] }, want: ['web'] },
  ] as const)('$name', ({ filter, want }) => {
    expect(names(filter)).toEqual(want);
  });

  test('an empty filter gives the same list', () => {
    expect(filterMachines(machines, { ...noFilter, query: '  ' })).toBe(machines);
  });
});

test.each([
  { sort: { column: 'name', descending: true }, want: ['web', 'broken', 'early', 'build-1'] },
  { sort: { column: 'status', descending: false }, want: ['broken', 'early', 'web', 'build-1'] },
  { sort: { column: 'uptime', descending: false }, want: ['early', 'web', 'build-1', 'broken'] },
] as const)('sorted by $sort.column', ({ sort, want }: { sort: Sort; want: readonly string[] }) => {
  expect(sortMachines(machines, sort).map(({ name }) => name)).toEqual(want);
});

test('labelsOf', () => {
  expect(labelsOf(machines)).toEqual(['team=ci', 'team=shop', 'tier=front']);
});
