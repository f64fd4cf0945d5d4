// Owns the proof of what becomes of a machine whose guest ends by itself, by run strategy, and of the order after a start of the core.
// Must not look inside the engine.
import { expect, test } from 'vitest';
import { annotations } from '../../electron/api/annotations.ts';
import { type RunStrategy, runStrategies } from '../../electron/api/lifecycle.ts';
import { named, vm, withMeta, withRunStrategy, withSpec } from '../fakes/builders.ts';
import type { FakeWorld } from '../fakes/fake-world.ts';
import { printable, startCore, type TestCore } from './harness.ts';

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

const ordered = (name: string, order: string, delay: string) =>
  vm(
    named(name),
    withRunStrategy('Always'),
    withMeta({ annotations: { [annotations.startOrder]: order, [annotations.startDelay]: delay } }),
  );

/** `db`, then `app` 30 s later, then `web` 10 s later: all ran, and none does when the next core starts. */
async function comingUp(leave: (world: FakeWorld) => void): Promise<TestCore> {
  const before = await startCore();
  await before.made(ordered('db', '1', '30'), ordered('app', '2', '10'), vm(named('web'), withRunStrategy('Always')));
  await before.clock.advance(60_000);
  return await before.reborn(() => {
    const { world } = before.host;
    for (const guest of world.history) guest.killed('SIGKILL');
    leave(world);
    world.guests.clear();
  });
}

const up = (core: TestCore): readonly string[] => ['db', 'app', 'web'].filter((name) => core.vmi(name)?.status?.phase === 'Running');
const waits = (core: TestCore, name: string): string | undefined =>
  core.vm(name)?.status?.conditions?.find(({ type }) => type === 'StartDelayed')?.message;

test.each([
  ['after a restart of the computer', (world: FakeWorld) => world.runDirs.clear()],
  ['when their processes ended while no core ran', () => undefined],
])('%s machines come up in their order, each after the one before it runs', async (_name, leave) => {
  const core = await comingUp((world) => {
    leave(world);
    // None of the seconds that the next one waits.
    world.behave({ startMs: 20_000 }, 'db');
  });
  const look = (): readonly unknown[] => [up(core), waits(core, 'app'), waits(core, 'web')];
  const seen = [look()];
  for (const waitMs of [20_000, 29_000, 2_000, 7_000, 4_000]) {
    await core.clock.advance(waitMs);
    seen.push(look());
  }
  const appIsNext = 'Begins 30 s after the start of db.';
  const webIsNext = 'Begins 10 s after the start of app.';
  expect(seen).toEqual([
    [[], 'Begins in its start order, after db.', 'Begins in its start order, after db, app.'],
    [['db'], appIsNext, 'Begins in its start order, after app.'],
    [['db'], appIsNext, 'Begins in its start order, after app.'],
    [['db', 'app'], undefined, webIsNext],
    [['db', 'app'], undefined, webIsNext],
    [['db', 'app', 'web'], undefined, undefined],
  ]);
  expect(core.events('app').filter((line) => line.startsWith('StartDelayed'))).toEqual([`StartDelayed: ${appIsNext}`]);
  expect(core.vm('app')?.metadata.annotations?.[annotations.startsAt]).toBeUndefined();
});

test('one that cannot be started is not waited for, and that is said', async () => {
  const core = await comingUp((world) => {
    world.runDirs.clear();
    world.behave({ startFails: 'no such device' }, 'db');
  });
  expect([up(core), core.events('db').filter((line) => line.startsWith('StartOrderPassed'))]).toEqual([
    ['app'],
    ['StartOrderPassed: Those after it in the start order begin without it: Failed.'],
  ]);
});

test('one that is stopped while it waits holds nobody up, and waits for nobody when it is started by hand', async () => {
  const core = await comingUp((world) => world.runDirs.clear());
  await core.act('stop', 'app');
  await core.clock.advance(1_000);
  const webWaits = waits(core, 'web');
  await core.act('start', 'app');
  await core.settle();
  expect([webWaits, up(core), core.vm('app')?.metadata.annotations?.[annotations.startsAt]]).toEqual([
    'Begins 30 s after the start of db.',
    ['db', 'app'],
    undefined,
  ]);
});
