// Owns the proof of what becomes of a machine whose guest ends by itself, by run strategy, and of the order after a start of the core.
// Must not look inside the engine.
import { expect, test } from 'vitest';
import { annotations } from '../../electron/api/annotations.ts';
import { type RunStrategy, runStrategies } from '../../electron/api/lifecycle.ts';
import { named, vm, withMeta, withRunStrategy, withSpec } from '../fakes/builders.ts';
import type { FakeWorld } from '../fakes/fake-world.ts';
import { printable, startCore } from './harness.ts';

interface Row {
  readonly strategy: RunStrategy | 'running: true';
  /** Printable status, phase of the run, how many runs there were. */
  readonly powersOff: readonly unknown[];
  readonly crashes: readonly unknown[];
}

const rows: readonly Row[] = [
  { strategy: 'Always', powersOff: ['Running', 'Running', 2], crashes: ['Running', 'Running', 2] },
  { strategy: 'running: true', powersOff: ['Running', 'Running', 2], crashes: ['Running', 'Running', 2] },
  { strategy: 'RerunOnFailure', powersOff: ['Stopped', undefined, 1], crashes: ['Running', 'Running', 2] },
  { strategy: 'Manual', powersOff: ['Stopped', 'Succeeded', 1], crashes: ['Stopped', 'Failed', 1] },
  { strategy: 'Once', powersOff: ['Stopped', 'Succeeded', 1], crashes: ['Stopped', 'Failed', 1] },
];

test.each(rows.flatMap((row) => [{ ...row, end: 'powersOff' } as const, { ...row, end: 'crashes' } as const]))(
  '$strategy: the guest $end',
  async ({ strategy, end, ...expected }) => {
    const core = await startCore();
    await core.made(
      vm(
        strategy === 'running: true' ? withSpec(({ runStrategy: _, ...spec }) => ({ ...spec, running: true })) : withRunStrategy(strategy),
      ),
    );
    if (strategy === 'Manual') await core.act('start');
    await core.clock.advance(60_000);
    if (end === 'powersOff') core.guest().powersOff();
    else core.guest().crashes('assertion failed');
    await core.clock.advance(30_000);
    expect([printable(core), core.vmi()?.status?.phase, core.host.world.history.length]).toEqual(expected[end]);
  },
);

test('every strategy that can run has its row', () => {
  expect(new Set(rows.map(({ strategy }) => strategy))).toEqual(
    new Set([...runStrategies.filter((one) => one !== 'Halted'), 'running: true']),
  );
});

test('a guest that dies at once: counted, and tried later and later', async () => {
  const core = await startCore();
  core.host.world.behave({ serialGreeting: 'dying' });
  await core.made(vm(withRunStrategy('Always')));
  const seen: unknown[] = [];
  for (const waitMs of [10_000, 40_000, 90_000]) {
    core.guest().crashes('dead at once');
    await core.settle();
    const { consecutiveFailCount, retryAfterTimestamp = '' } = core.vm()?.status?.startFailure ?? {};
    seen.push([consecutiveFailCount, Date.parse(retryAfterTimestamp) - core.clock.now(), printable(core)]);
    await core.clock.advance(waitMs);
  }
  expect(seen).toEqual([
    [1, 10_000, 'CrashLoopBackOff'],
    [2, 40_000, 'CrashLoopBackOff'],
    [3, 90_000, 'CrashLoopBackOff'],
  ]);
  // Up again, and this time for longer.
  await core.clock.advance(60_000);
  core.guest().crashes('later');
  await core.settle();
  expect([core.vm()?.status?.startFailure, printable(core)]).toEqual([undefined, 'Running']);
});

test.each([
  ['after a restart of the computer', (world: FakeWorld) => world.runDirs.clear()],
  ['when their processes ended while no core ran', () => undefined],
])('%s machines come up in their order', async (_name, leave) => {
  const before = await startCore();
  const ordered = (name: string, order: string, delay: string) =>
    vm(
      named(name),
      withRunStrategy('Always'),
      withMeta({ annotations: { [annotations.startOrder]: order, [annotations.startDelay]: delay } }),
    );
  await before.made(ordered('db', '1', '30'), ordered('app', '2', '10'), vm(named('web'), withRunStrategy('Always')));
  await before.clock.advance(60_000);
  const core = await before.reborn(() => {
    const { world } = before.host;
    for (const guest of world.history) guest.killed('SIGKILL');
    leave(world);
    world.guests.clear();
  });
  const up = (): readonly string[] => ['db', 'app', 'web'].filter((name) => core.vmi(name)?.status?.phase === 'Running');
  const seen = [up()];
  for (const waitMs of [29_000, 2_000, 7_000, 4_000]) {
    await core.clock.advance(waitMs);
    seen.push(up());
  }
  expect(seen).toEqual([['db'], ['db'], ['db', 'app'], ['db', 'app'], ['db', 'app', 'web']]);
});
