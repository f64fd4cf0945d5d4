// Owns the proof of what happens when a guest hangs, panics or crashes: actions, counted resets, evidence, live changes.
// Must not look inside the engine.
import { describe, expect, test } from 'vitest';
import { annotations } from '../../electron/api/annotations.ts';
import type { RunStrategy } from '../../electron/api/lifecycle.ts';
import type { DraftObject } from '../../electron/api/object.ts';
import { resources } from '../../electron/api/resources.ts';
import { vm, type VmDraft, type VmPart, withDomain, withMeta, withRunStrategy, withTemplate } from '../fakes/builders.ts';
import { condition, machineKey, printable, startCore, type TestCore, update } from './harness.ts';

interface Failing {
  readonly strategy?: RunStrategy;
  readonly action?: string;
  readonly notes?: Readonly<Record<string, string>>;
}

function failing({ strategy = 'Always', action = 'reset', notes = {} }: Failing): VmPart[] {
  return [
    withRunStrategy(strategy),
    withMeta({ annotations: notes }),
    withTemplate((spec) => ({ ...spec, terminationGracePeriodSeconds: 60 })),
    withDomain((domain) => ({
      ...domain,
      devices: { ...domain.devices, watchdog: { name: 'dog', i6300esb: { action } }, panicDevices: [{ model: 'pvpanic' }] },
    })),
  ];
}

async function started(options: Failing): Promise<TestCore> {
  const core = await startCore();
  await core.made(vm(...failing(options)));
  if (options.strategy === 'Manual') await core.act('start');
  return core;
}

const kept = async (core: TestCore) =>
  (await core.engine.evidence(machineKey())).map(({ reason, action, hasScreenshot }) => ({ reason, action, hasScreenshot }));

describe('watchdog', () => {
  test('poweroff under Always: the run fails, evidence is kept, a new one begins', async () => {
    const core = await started({ action: 'poweroff' });
    const first = core.vmi()?.metadata.uid;
    await core.clock.advance(20_000);
    core.guest().watchdogBites();
    await core.clock.advance(1_000);
    expect([core.events().filter((line) => line.startsWith('Stopped')), printable(core), core.vmi()?.metadata.uid === first]).toEqual([
      ['Stopped: The watchdog of the machine was not fed in time and cut the power.'],
      'Running',
      false,
    ]);
    expect(await kept(core)).toEqual([{ reason: 'Watchdog', action: 'poweroff', hasScreenshot: true }]);
  });

  test('reset: one restart is told, however often QEMU says it, and it is the watchdog that did it', async () => {
    const core = await started({ action: 'reset' });
    const uid = core.vmi()?.metadata.uid;
    core.guest().watchdogBites();
    await core.settle();
    await core.clock.advance(60_000);
    core.guest().reboots();
    await core.settle();
    expect([core.vmi()?.metadata.uid, core.events().slice(-3)]).toEqual([
      uid,
      [
        'Watchdog: The watchdog was not fed in time; its action is reset.',
        'WatchdogReset: The watchdog restarted the guest.',
        'GuestReset: The guest restarted itself.',
      ],
    ]);
  });

  test('shutdown: a guest that hears its button is shut down', async () => {
    const core = await started({ action: 'shutdown', strategy: 'Manual' });
    core.guest().watchdogBites();
    await core.clock.advance(5_000);
    expect([core.vmi()?.status?.phase, core.events().at(-1)]).toEqual(['Succeeded', 'Stopped: The guest shut down.']);
  });

  test('shutdown: a stuck guest is ended after its grace period, though the core died meanwhile', async () => {
    const before = await started({ action: 'shutdown', strategy: 'Manual' });
    before.host.world.behave({ acpi: 'ignores' });
    before.guest().watchdogBites();
    await before.clock.advance(10_000);
    const core = await before.reborn();
    await core.clock.advance(40_000);
    const during = [core.vmi()?.status?.phase, condition(core.vmi(), 'Ready')];
    await core.clock.advance(15_000);
    expect([during, core.vmi()?.status?.phase, core.vmi()?.status?.reason]).toEqual([['Running', 'True'], 'Failed', 'Destroyed']);
  });

  test('shutdown: a guest that resets itself meanwhile is left alone', async () => {
    const core = await started({ action: 'shutdown' });
    core.host.world.behave({ acpi: 'ignores' });
    core.guest().watchdogBites();
    await core.clock.advance(10_000);
    core.guest().reboots();
    await core.clock.advance(300_000);
    expect([core.vmi()?.metadata.annotations?.[annotations.shutdownSince], core.guest().alive, core.host.world.history.length]).toEqual([
      undefined,
      true,
      1,
    ]);
  });

  test.each([
    { action: 'pause', paused: 'True/PausedWatchdog' },
    { action: 'inject-nmi', paused: undefined },
    { action: 'none', paused: undefined },
  ])('$action, which only the annotation can say', async ({ action, paused }) => {
    const core = await started({ action: 'poweroff', notes: { [annotations.watchdogAction]: action } });
    core.guest().watchdogBites();
    await core.settle();
    expect([condition(core.vmi(), 'Paused'), await kept(core)]).toEqual([paused, [{ reason: 'Watchdog', action, hasScreenshot: true }]]);
  });

  test('the action is changed while the guest runs, and no restart is asked for', async () => {
    const core = await started({ action: 'reset' });
    await update(core, (draft) => withAction(draft, 'poweroff'));
    const first = [core.guest().watchdogAction, core.vmi()?.spec.domain.devices.watchdog?.i6300esb?.action];
    await update(core, (draft) => ({
      ...draft,
      metadata: { ...draft.metadata, annotations: { [annotations.watchdogAction]: 'pause' } },
    }));
    expect([first, core.guest().watchdogAction, condition(core.vm(), 'RestartRequired'), core.events().at(-1)]).toEqual([
      ['poweroff', 'poweroff'],
      'pause',
      undefined,
      'WatchdogAction: The action of the watchdog is pause now.',
    ]);
  });
});

function withAction(draft: DraftObject, action: string): DraftObject {
  const change = withDomain((domain) => ({
    ...domain,
    devices: { ...domain.devices, watchdog: { name: 'dog', i6300esb: { action } } },
  }));
  return { ...draft, spec: change(draft as VmDraft).spec };
}

describe('panic', () => {
  test.each([
    { action: undefined, phase: 'Failed', reason: 'GuestPanicked', commands: ['quit'] },
    { action: 'reset', phase: 'Running', reason: undefined, commands: ['system_reset', 'cont'] },
    { action: 'pause', phase: 'Running', reason: 'GuestPanicked', commands: [] },
    { action: 'none', phase: 'Running', reason: undefined, commands: [] },
  ])('$action: its screen is kept, then what was asked is done', async ({ action, phase, reason, commands }) => {
    const notes: Readonly<Record<string, string>> = action === undefined ? {} : { [annotations.panicAction]: action };
    const core = await started({ strategy: 'Manual', notes });
    const guest = core.guest();
    const asked = guest.qmpLog.length;
    guest.panics();
    await core.settle();
    expect([core.vmi()?.status?.phase, core.vmi()?.status?.reason, guest.qmpLog.slice(asked).map(({ execute }) => execute)]).toEqual([
      phase,
      reason,
      commands,
    ]);
    expect(await kept(core)).toEqual([{ reason: 'GuestPanicked', action: action ?? 'poweroff', hasScreenshot: true }]);
  });

  test('none: an end that comes later is told as what it is, with evidence of its own', async () => {
    const core = await started({ strategy: 'Manual', notes: { [annotations.panicAction]: 'none' } });
    core.guest().panics();
    await core.settle();
    await core.clock.advance(60_000);
    core.guest().crashes('assertion failed');
    await core.settle();
    expect([core.vmi()?.status?.reason, (await kept(core)).map(({ reason }) => reason)]).toEqual(['Crashed', ['GuestPanicked', 'Crashed']]);
  });

  test('a core that comes back finds the guest standing, and does what was asked', async () => {
    const before = await started({ strategy: 'Manual' });
    const guest = before.guest();
    const core = await before.reborn(() => guest.panics());
    expect([core.vmi()?.status?.phase, core.vmi()?.status?.reason, (await kept(core)).length]).toEqual(['Failed', 'GuestPanicked', 1]);
  });
});

describe('evidence', () => {
  test('of a crash, and none of an end that somebody asked for', async () => {
    const core = await started({ strategy: 'Manual' });
    await core.act('stop');
    await core.clock.advance(5_000);
    const ofStop = await kept(core);
    await core.act('start');
    core.guest().crashes('assertion failed');
    await core.settle();
    expect([ofStop, await kept(core)]).toEqual([[], [{ reason: 'Crashed', action: undefined, hasScreenshot: false }]]);
  });

  test('its event names it, and it goes with the machine', async () => {
    const core = await started({ strategy: 'Manual', notes: { [annotations.watchdogAction]: 'none' } });
    core.guest().watchdogBites();
    await core.settle();
    const [one] = await core.engine.evidence(machineKey());
    const told = core.store
      .list(resources.events, 'default')
      .find(({ metadata }) => metadata.annotations?.[annotations.evidence] !== undefined);
    expect([one?.serialTail, told?.metadata.annotations?.[annotations.evidence]]).toEqual(['login: ', one?.id]);
    const owner = core.vm()?.metadata.uid ?? '';
    await core.delete(resources.virtualMachines, 'web', { gracePeriodSeconds: 0 });
    await core.clock.advance(5_000);
    expect(core.host.world.evidence.get(owner)).toBeUndefined();
  });
});
