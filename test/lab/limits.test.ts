// Owns the proof that a machine is held to its limits by control groups of version 2, and that its end there is named.
import { expect, test } from 'vitest';
import { runInLab } from './run-in-lab.ts';

const mebibyte = 1024 * 1024;

test('control groups of version 2 hold a machine, while it runs and no longer', async () => {
  const run = await runInLab({ program: new URL('programs/limits.ts', import.meta.url), memoryMiB: 2048, timeoutMs: 400_000 });
  console.log(`lab: done after ${run.seconds.total.toFixed(0)} s`);
  const [start, changed, ...rest] = run.results as readonly [
    {
      readonly condition: unknown;
      readonly group: { readonly values: Readonly<Record<string, string>>; readonly programs: readonly string[] };
    },
    { readonly changed: Readonly<Record<string, string>> },
    ...unknown[],
  ];
  expect(start.condition).toEqual(['True', expect.stringMatching(/^By cgroup v2: limits\.memory at .*, limits\.cpu at 500m\.$/)]);
  expect(start.group.programs).toEqual(['qemu-system-x86']);
  const { 'memory.max': max = '', 'memory.high': high = '', ...others } = start.group.values;
  expect(others).toEqual({ 'memory.oom.group': '1', 'cpu.max': '50000 100000', 'cpu.weight': '50', 'pids.max': '516' });
  // Braked within what QEMU needs: never for what the guest was given.
  expect(Number(max)).toBeGreaterThan(128 * mebibyte);
  expect([Number(high) > 128 * mebibyte, Number(high) < Number(max)]).toEqual([true, true]);
  expect(changed.changed).toMatchObject({ 'cpu.max': '150000 100000', 'memory.max': String(Number(max) + 64 * mebibyte) });
  expect(rest).toEqual([
    { left: 0 },
    {
      kill: {
        signal: 'SIGKILL',
        found: { of: 'machine', group: '/virtdeck/kill', limitBytes: 48 * mebibyte, peakBytes: expect.any(Number) },
        left: false,
      },
    },
  ]);
});
