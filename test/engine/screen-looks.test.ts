// Owns the proof that a screen which went without warning leaves its last look, and that looking holds nobody up.
// Must not look inside the engine.
import { describe, expect, test } from 'vitest';
import { annotations } from '../../electron/api/annotations.ts';
import { screenshotLeadMs } from '../../electron/api/evidence.ts';
import { lookEveryMs } from '../../electron/core/reconcile/screen-looks.ts';
import { named, vm, withDomain, withMeta, withRunStrategy } from '../fakes/builders.ts';
import type { FakeGuest } from '../fakes/fake-world.ts';
import { machineKey, startCore, type TestCore } from './harness.ts';

async function started(action = 'reset', name = 'web'): Promise<TestCore> {
  const core = await startCore();
  await core.made(watched(action, name));
  await core.act('start', name);
  return core;
}

function watched(action: string, name: string) {
  return vm(
    named(name),
    withRunStrategy('Manual'),
    withMeta({ annotations: { [annotations.watchdogAction]: action } }),
    withDomain((domain) => ({
      ...domain,
      devices: { ...domain.devices, watchdog: { name: 'dog', i6300esb: {} }, panicDevices: [{ model: 'pvpanic' }] },
    })),
  );
}

/** Reason, and how long before it the screen was looked at; undefined without a picture. */
const kept = async (core: TestCore) =>
  (await core.engine.evidence(machineKey())).map((one) => [one.reason, one.hasScreenshot ? screenshotLeadMs(one) : undefined]);

/** When the screen of the run was looked at last, after the start of the test. */
const lookedAt = (core: TestCore, name = 'web') => core.host.world.looks.get(core.guest(name).plan.runDir);

const sinceLookMs = 4_000;

describe('what stands for a screen that is gone', () => {
  test.each<{ what: string; reason: string; ends: (guest: FakeGuest) => void; action?: string }>([
    { what: 'a watchdog that resets', action: 'reset', reason: 'Watchdog', ends: (guest) => guest.watchdogBites() },
    { what: 'a watchdog that cuts the power', action: 'poweroff', reason: 'Watchdog', ends: (guest) => guest.watchdogBites() },
    { what: 'a crash of QEMU', reason: 'Crashed', ends: (guest) => guest.crashes('assertion failed') },
    { what: 'a kill from outside', reason: 'Killed', ends: (guest) => guest.killed('SIGKILL') },
    { what: 'the kernel short of memory', reason: 'OutOfMemory', ends: (guest) => guest.runsOutOfMemory() },
  ])('$what: the last look, with its own time', async ({ action, reason, ends }) => {
    const core = await started(action);
    await core.clock.advance(2 * lookEveryMs + sinceLookMs);
    ends(core.guest());
    await core.settle();
    expect(await kept(core)).toEqual([[reason, sinceLookMs]]);
  });

  test.each(['pause', 'inject-nmi', 'none', 'shutdown'])('a watchdog with %s leaves the screen: it is of the moment', async (action) => {
    const core = await started(action);
    await core.clock.advance(lookEveryMs + sinceLookMs);
    core.guest().watchdogBites();
    await core.settle();
    expect(await kept(core)).toEqual([['Watchdog', 0]]);
  });

  test('a core that comes back to a QEMU that died finds the look of the core before', async () => {
    const before = await started();
    const guest = before.guest();
    await before.clock.advance(lookEveryMs);
    const core = await before.reborn(async () => {
      await before.clock.advance(sinceLookMs);
      guest.killed('SIGKILL');
    });
    expect((await kept(core)).map(([, leadMs]) => leadMs)).toEqual([sinceLookMs]);
  });

  test('a run has no look of the run before', async () => {
    const core = await started();
    await core.clock.advance(lookEveryMs);
    core.guest().crashes('assertion failed');
    await core.settle();
    await core.act('start');
    core.guest().crashes('assertion failed');
    await core.settle();
    expect(await kept(core)).toEqual([
      ['Crashed', 0],
      ['Crashed', undefined],
    ]);
  });

  test('an answer that comes after the bite is of the screen after the reset: the look before stays', async () => {
    const core = await started('reset');
    await core.clock.advance(lookEveryMs);
    const first = lookedAt(core);
    const { promise, resolve } = Promise.withResolvers<void>();
    core.host.world.behave({ looksWaitFor: promise });
    await core.clock.advance(lookEveryMs);
    core.guest().watchdogBites();
    resolve();
    await core.settle();
    expect([lookedAt(core), await kept(core)]).toEqual([first, [['Watchdog', lookEveryMs]]]);
  });
});

describe('who is looked at', () => {
  test('all that run, after one wake-up; none that has no screen, or is paused', async () => {
    const core = await startCore();
    const blind = withDomain((domain) => ({ ...domain, devices: { ...domain.devices, autoattachGraphicsDevice: false } }));
    await core.made(watched('none', 'web'), watched('none', 'db'), vm(named('blind'), withRunStrategy('Manual'), blind));
    for (const name of ['web', 'db', 'blind']) await core.act('start', name);
    await core.clock.advance(lookEveryMs);
    const first = ['web', 'db', 'blind'].map((name) => lookedAt(core, name));
    await core.act('pause', 'db');
    await core.clock.advance(lookEveryMs);
    const second = ['web', 'db', 'blind'].map((name) => lookedAt(core, name));
    const [at = 0] = first;
    expect([first, second]).toEqual([
      [at, at, undefined],
      [at + lookEveryMs, at, undefined],
    ]);
  });

  test('a monitor that does not answer is asked once, keeps no neighbour from its turn, and its own stop from nothing', async () => {
    const core = await startCore();
    await core.made(watched('none', 'mute'), watched('none', 'web'));
    for (const name of ['mute', 'web']) await core.act('start', name);
    core.host.world.behave({ looksWaitFor: new Promise(() => undefined) }, 'mute');
    await core.clock.advance(3 * lookEveryMs + sinceLookMs);
    const mute = core.guest('mute');
    const since = core.clock.now() - (lookedAt(core) ?? 0);
    await core.act('stop', 'mute');
    await core.clock.advance(3_000);
    expect([since < lookEveryMs, mute.looks, mute.alive]).toEqual([true, 1, false]);
  });

  test('the clock rests when nothing runs', async () => {
    const core = await started();
    await core.act('stop');
    await core.clock.advance(120_000);
    const atRest = (core.clock.nextIn() ?? Infinity) > lookEveryMs;
    await core.act('start');
    await core.clock.advance(lookEveryMs);
    expect([atRest, lookedAt(core)]).toEqual([true, expect.any(Number)]);
  });
});
