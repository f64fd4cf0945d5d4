// Owns the proof of what machines do while the computer sleeps: stand still, go on, with the right time.
// Must not look inside the engine.
import { expect, test } from 'vitest';
import { resources } from '../../electron/api/resources.ts';
import { named, vm, withRunStrategy } from '../fakes/builders.ts';
import { condition, startCore, type TestCore } from './harness.ts';

async function awake(): Promise<TestCore> {
  const core = await startCore();
  core.host.world.behave({ agentAfterMs: 1_000 }, 'web');
  await core.made(vm(withRunStrategy('Always')), vm(named('paused'), withRunStrategy('Always')));
  await core.clock.advance(5_000);
  await core.act('pause', 'paused');
  return core;
}

const states = (core: TestCore) => ['web', 'paused'].map((name) => [core.guest(name).runState, condition(core.vmi(name), 'Paused')]);

test('machines stand still before sleep and go on after it; who was paused stays so; the agent sets the clock', async () => {
  const core = await awake();
  await core.host.world.sleepListener?.onSleep();
  await core.settle();
  const asleep = states(core);
  await core.host.world.sleepListener?.onWake();
  await core.settle();
  expect([asleep, states(core), core.guest().agentLog.includes('guest-set-time')]).toEqual([
    [
      ['paused', 'True/PausedHostSleep'],
      ['paused', 'True/PausedByUser'],
    ],
    [
      ['running', undefined],
      ['paused', 'True/PausedByUser'],
    ],
    true,
  ]);
});

test('a core that died while the computer slept leaves nothing standing', async () => {
  const before = await awake();
  await before.host.world.sleepListener?.onSleep();
  const core = await before.reborn();
  await core.settle();
  expect(states(core)).toEqual([
    ['running', undefined],
    ['paused', 'True/PausedByUser'],
  ]);
});

test('not where the user does not want it', async () => {
  const core = await awake();
  const key = { resource: resources.settings, name: 'default' };
  const settings = core.engine.get(key);
  await core.engine.update(key, { ...settings, spec: { hostSleep: 'ignore' } });
  await core.host.world.sleepListener?.onSleep();
  await core.settle();
  expect(states(core)[0]).toEqual(['running', undefined]);
});
