// Owns the proof of how /proc/stat is read.
import { expect, test } from 'vitest';
import { processorTimes, timesOf } from '../../electron/host/processor-times.ts';

test('waiting for a disk is idle, the time of guests is not counted twice, the sum of all is no processor', () => {
  const stat = 'cpu  40 0 20 200 20 0 0 0 10 0\ncpu0 10 1 5 60 4 2 1 3 9 0\ncpu3 0 0 0 100 0 0 0 0 0 0\nintr 1\n';
  expect([...timesOf(stat)]).toEqual([
    [0, { busyTicks: 22, totalTicks: 86 }],
    [3, { busyTicks: 0, totalTicks: 100 }],
  ]);
});

test('this computer has processors that have worked', async () => {
  const times = await processorTimes();
  expect(times.size).toBeGreaterThan(0);
  expect([...times.values()].every(({ busyTicks, totalTicks }) => busyTicks > 0 && totalTicks >= busyTicks)).toBe(true);
});
