// Owns the proof that a core may be killed at any moment: guests run on, nothing runs twice, nothing is lost.
// Must not use a kinder death than kill -9.
import { describe, expect, test } from 'vitest';
import { annotations } from '../../electron/api/annotations.ts';
import { resources } from '../../electron/api/resources.ts';
import { claim, vm, withDisk, withRunStrategy } from '../fakes/builders.ts';
import { fakeHost } from '../fakes/fake-host.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { condition, machineKey, startCore, temporaryPath, type TestCore } from './harness.ts';

describe('a core that was killed while a machine ran', () => {
  test('finds it again: same run, same guest, and it can be spoken to', async () => {
    const core = await running();
    const [uid, guest] = [core.vmi()?.metadata.uid, core.guest()];
    const next = await core.reborn();
    await next.act('pause');
    const paused = next.vm()?.status?.printableStatus;
    await next.act('unpause');
    guest.powersOff();
    await next.settle();
    expect([next.vmi()?.metadata.uid, paused, next.vmi()?.status?.phase, core.host.world.history.length]).toEqual([
      uid,
      'Paused',
      'Succeeded',
      1,
    ]);
  });

  test('hears of the agent again', async () => {
    const core = await running();
    core.guest().agentConnects(true);
    await core.settle();
    const next = await core.reborn();
    expect([condition(next.vmi(), 'AgentConnected'), (await next.engine.guestAgent('userlist', machineKey())) !== undefined]).toEqual([
      'True',
      true,
    ]);
  });

  test('learns that it ended in the meantime', async () => {
    const core = await running();
    const next = await core.reborn(() => core.guest().powersOff());
    expect([next.vmi()?.status?.phase, next.events().at(-1), next.host.world.runDirs.size]).toEqual([
      'Succeeded',
      'Stopped: The machine ended while Virtdeck was not running.',
      0,
    ]);
  });

  test('learns that it was stopped or resumed in the meantime', async () => {
    const core = await running();
    const second = await core.reborn(() => core.guest().pauses());
    const paused = second.vm()?.status?.printableStatus;
    const third = await second.reborn(() => second.guest().runs());
    expect([paused, third.vm()?.status?.printableStatus]).toEqual(['Paused', 'Running']);
  });

  test('keeps a machine paused that was started paused', async () => {
    const core = await startCore();
    await core.made(vm(withRunStrategy('Manual')));
    await core.act('start', 'web', { paused: true });
    const next = await core.reborn();
    expect([next.vm()?.status?.printableStatus, next.guest().runState]).toEqual(['Paused', 'prelaunch']);
  });

  test('finishes a reboot by the power button', async () => {
    const core = await running();
    await core.act('softreboot');
    let down = '';
    const next = await core.reborn(async () => {
      await core.clock.advance(2_000);
      down = core.guest().runState;
    });
    expect([down, next.guest().runState, next.guest().shutdownAction, next.vm()?.status?.printableStatus]).toEqual([
      'shutdown',
      'running',
      'poweroff',
      'Running',
    ]);
  });

  test('goes on waiting for the second half of a reboot, and not for ever', async () => {
    const core = await running();
    core.host.world.behave({ shutdownMs: 60_000 });
    await core.act('softreboot');
    const second = await core.reborn();
    await second.clock.advance(60_000);
    const up = [second.guest().runState, second.guest().shutdownAction, second.vm()?.status?.printableStatus];
    second.host.world.behave({ acpi: 'ignores' });
    await second.act('softreboot');
    const third = await second.reborn(() => second.clock.advance(300_000));
    expect([up, third.guest().shutdownAction, third.vmi()?.metadata.annotations?.[annotations.rebootUntil]]).toEqual([
      ['running', 'poweroff', 'Running'],
      'poweroff',
      undefined,
    ]);
  });

  test('marks it lost when there is no trace, as after a restart of the computer; Always starts it again', async () => {
    const core = await running('Always');
    await core.clock.advance(60_000);
    const uid = core.vmi()?.metadata.uid;
    const next = await core.reborn(() => {
      core.host.world.guests.clear();
      core.host.world.runDirs.clear();
    });
    expect([
      next.vm()?.status?.printableStatus,
      next.vmi()?.metadata.uid === uid,
      next.events().some((line) => line.includes('not there any more')),
    ]).toEqual(['Running', false, true]);
  });

  test('leaves a guest that nobody defined alone, and says so', async () => {
    const core = await running();
    const { world } = core.host;
    const other = await startCore({ host: core.host.crash(), clock: core.clock, path: temporaryPath() });
    expect([world.guest('web')?.alive, world.runDirs.size, other.events('default')[0]?.split(' It is left')[0]]).toEqual([
      true,
      1,
      expect.stringMatching(/^UnknownMachine: A machine that nobody defined is running: default\/web \(uid /),
    ]);
  });

  test('removes a run directory without a run', async () => {
    const core = await running();
    core.guest().powersOff();
    const { world } = core.host;
    const other = await startCore({ host: core.host.crash(), clock: core.clock, path: temporaryPath() });
    expect([world.runDirs.size, other.store.count(resources.events)]).toEqual([0, 0]);
  });
});

/**
 * The same story, killed before and after every single call of the host, and then once more with a second death at every call of the
 * second core. Whatever moment it was, in the end the machine runs, once, and its disk was never written by two.
 */
describe.each(['before', 'after'] as const)('killed %s the n-th thing it does', (moment) => {
  test('a start ends in one running guest', async () => {
    const calls = await countCalls(start);
    const outcomes = new Set<string>();
    for (let call = 1; call <= calls; call += 1) {
      const core = await prepared();
      core.host.crashAt(call, moment);
      await start(core);
      const next = await core.reborn();
      await next.clock.advance(120_000);
      outcomes.add(summary(next));
    }
    expect([calls >= 7, [...outcomes]]).toEqual([true, ['Running, 1 living guest, cont was said, 1 run directory, exits: none lived']]);
  });

  test('a start, killed twice, too', async () => {
    const calls = await countCalls(start);
    const outcomes = new Set<string>();
    for (let call = 3; call <= calls; call += 3) {
      for (let second = 1; second <= 9; second += 1) {
        const core = await prepared();
        core.host.crashAt(call, moment);
        await start(core);
        const dying = core.host.crash();
        dying.crashAt(second, moment);
        const middle = await core.stillborn(dying);
        // A core that dies while it starts never says that it has started.
        void middle.engine.start();
        await middle.clock.advance(60_000);
        const last = await middle.reborn();
        await last.clock.advance(120_000);
        outcomes.add(summary(last));
      }
    }
    expect([...outcomes]).toEqual(['Running, 1 living guest, cont was said, 1 run directory, exits: none lived']);
  });

  test('a stop ends in no guest', async () => {
    const calls = await countCalls(stop);
    const outcomes = new Set<string>();
    for (let call = 1; call <= calls; call += 1) {
      const core = await prepared();
      await start(core);
      core.host.crashAt(call, moment);
      await stop(core);
      const next = await core.reborn();
      await next.clock.advance(120_000);
      outcomes.add(summary(next));
    }
    expect([calls > 3, [...outcomes]]).toEqual([true, ['Stopped, 0 living guests, 0 run directories, exits: GuestShutdown']]);
  });

  test('a deletion leaves nothing', async () => {
    const calls = await countCalls(remove);
    const outcomes = new Set<string>();
    for (let call = 1; call <= calls; call += 1) {
      const core = await prepared();
      await start(core);
      core.host.crashAt(call, moment);
      await remove(core);
      const next = await core.reborn();
      await next.clock.advance(120_000);
      const { world } = next.host;
      outcomes.add(
        `${next.vm() === undefined ? 'gone' : 'there'}, ${world.guests.size} guests, ${world.serialLogs.size} logs, ${world.files.size} disks`,
      );
    }
    expect([calls > 3, [...outcomes]]).toEqual([true, ['gone, 0 guests, 0 logs, 1 disks']]);
  });
});

async function running(strategy: 'Always' | 'Manual' = 'Manual'): Promise<TestCore> {
  const core = await startCore();
  await core.made(vm(withRunStrategy(strategy)));
  if (strategy === 'Manual') await core.act('start');
  return core;
}

async function prepared(): Promise<TestCore> {
  const clock = manualClock();
  const core = await startCore({ clock, host: fakeHost({ clock }) });
  await core.made(claim({ name: 'web-root' }), vm(withRunStrategy('Manual'), withDisk('root', { claim: 'web-root' }), withDisk('scratch')));
  return core;
}

async function start(core: TestCore): Promise<void> {
  await core.engine.act('start', machineKey());
  await core.clock.advance(5_000);
}

async function stop(core: TestCore): Promise<void> {
  await core.engine.act('stop', machineKey());
  await core.clock.advance(5_000);
}

async function remove(core: TestCore): Promise<void> {
  await core.engine.delete(machineKey());
  await core.clock.advance(5_000);
}

async function countCalls(work: (core: TestCore) => Promise<void>): Promise<number> {
  const core = await prepared();
  if (work !== start) await start(core);
  const before = core.host.calls;
  await work(core);
  return core.host.calls - before;
}

/** Guests that ended before their first instruction never lived. */
function summary(core: TestCore): string {
  const { world } = core.host;
  const living = [...world.guests.values()].filter(({ alive }) => alive);
  const ended = world.history.filter(({ alive, qmpLog }) => !alive && qmpLog.some(({ execute }) => execute === 'cont'));
  const exits = ended.length === 0 ? 'none lived' : ended.map(({ exit }) => exit?.type).join(' ');
  return [
    core.vm()?.status?.printableStatus,
    `${living.length} living guest${living.length === 1 ? '' : 's'}`,
    ...(living.length === 1 ? [`cont was ${living[0]?.runState === 'running' ? 'said' : 'not said'}`] : []),
    `${world.runDirs.size} run director${world.runDirs.size === 1 ? 'y' : 'ies'}`,
    `exits: ${exits}`,
  ].join(', ');
}
