// Owns the proof of how machines end and go: KubeVirt's own end-to-end checklist, as far as it applies to one computer.
// Must not look inside the engine.
import { describe, expect, test } from 'vitest';
import { resources } from '../../electron/api/resources.ts';
import { named, vm, vmi, withCloudInit, withDisk, withRunStrategy } from '../fakes/builders.ts';
import { machineKey, printable, refusal, running, startCore, type TestCore } from './harness.ts';

describe('ending', () => {
  interface End {
    readonly name: string;
    readonly happens: (core: TestCore) => void;
    readonly phase: 'Succeeded' | 'Failed';
    readonly reason?: string;
    readonly event: string;
  }
  const ends: readonly End[] = [
    { name: 'the guest shuts down', happens: (core) => core.guest().powersOff(), phase: 'Succeeded', event: 'The guest shut down.' },
    {
      name: 'QEMU crashes',
      happens: (core) => core.guest().crashes('assertion failed'),
      phase: 'Failed',
      reason: 'Crashed',
      event: 'QEMU ended with code 1: assertion failed',
    },
    {
      name: 'somebody kills it',
      happens: (core) => core.guest().killed('SIGKILL'),
      phase: 'Failed',
      reason: 'Killed',
      event: 'Somebody ended QEMU with SIGKILL.',
    },
    {
      name: 'memory runs out',
      happens: (core) => core.guest().runsOutOfMemory(),
      phase: 'Failed',
      reason: 'OutOfMemory',
      event: 'The kernel ended QEMU because memory ran out.',
    },
    {
      name: 'the guest panics',
      happens: (core) => {
        core.guest().emits('GUEST_PANICKED', { action: 'poweroff' });
        core.guest().quits();
      },
      phase: 'Failed',
      reason: 'GuestPanicked',
      event: 'The guest panicked.',
    },
    {
      name: 'the watchdog cuts the power',
      happens: (core) => {
        core.guest().emits('WATCHDOG', { action: 'poweroff' });
        core.guest().powersOff();
      },
      phase: 'Failed',
      reason: 'WatchdogPoweroff',
      event: 'The watchdog of the machine was not fed in time and cut the power.',
    },
  ];
  test.each(ends)('$name', async ({ happens, phase, reason, event }) => {
    const core = await running('Manual');
    happens(core);
    await core.settle();
    expect([
      core.vmi()?.status?.phase,
      core.vmi()?.status?.reason,
      printable(core),
      core.events().at(-1),
      core.host.world.runDirs.size,
    ]).toEqual([phase, reason, 'Stopped', `Stopped: ${event}`, 0]);
  });

  test('under Always a run that was deleted is made again', async () => {
    const core = await running('Always');
    const uid = core.vmi()?.metadata.uid;
    await core.delete(resources.virtualMachineInstances, 'web');
    await core.clock.advance(2_000);
    expect([printable(core), core.vmi()?.metadata.uid === uid, core.host.world.history.length]).toEqual(['Running', false, 2]);
  });

  test('under Halted with a run, only a shorter grace period is a stop', async () => {
    const core = await running('Always');
    core.host.world.behave({ acpi: 'ignores' });
    await core.act('stop');
    const again = await refusal(core.engine.act('stop', machineKey()));
    await core.act('stop', 'web', { gracePeriodSeconds: 0 });
    await core.clock.advance(1);
    expect([again, printable(core)]).toEqual([
      'Conflict: Operation cannot be fulfilled on virtualmachine.kubevirt.io "web": Halted only supports manual stop requests with a shorter graceperiod',
      'Stopped',
    ]);
  });
});

test('a start right after a stop is done is not told that the stop is under way', async () => {
  const core = await running('Manual');
  let answer: string | undefined;
  core.engine.subscribe((changes) => {
    if (answer !== undefined || !changes.some(({ type, resource }) => type === 'DELETED' && resource === resources.virtualMachineInstances))
      return;
    answer = '';
    // In the very turn in which the run went: the machine's own status is not yet written.
    void refusal(core.engine.act('start', machineKey())).then((said) => (answer = said));
  });
  await core.act('stop');
  await core.clock.advance(2_000);
  expect([answer, printable(core)]).toEqual(['allowed', 'Running']);
});

describe('deleting', () => {
  test('the machine takes its run, and what was kept for it, along', async () => {
    const core = await running();
    const owner = core.vm()?.metadata.uid ?? '';
    const kept = core.host.world.serialLogs.has(owner);
    await core.delete(resources.virtualMachines, 'web');
    const during = [printable(core), core.vmi()?.metadata.deletionTimestamp !== undefined];
    await core.clock.advance(2_000);
    expect([kept, during, core.vm(), core.vmi(), core.host.world.serialLogs.has(owner), core.host.world.runDirs.size]).toEqual([
      true,
      ['Terminating', true],
      undefined,
      undefined,
      false,
      0,
    ]);
  });

  test('as orphan leaves the run running, and a new machine of that name takes it over', async () => {
    const core = await running();
    const uid = core.vmi()?.metadata.uid;
    await core.delete(resources.virtualMachines, 'web', { propagation: 'Orphan' });
    const orphan = [core.vm(), core.vmi()?.metadata.ownerReferences, core.guest().alive, core.vmi()?.metadata.deletionTimestamp];
    await core.made(vm(withRunStrategy('Always')));
    expect([orphan, core.vmi()?.metadata.uid, core.vmi()?.metadata.ownerReferences?.[0]?.uid, printable(core)]).toEqual([
      [undefined, undefined, true, undefined],
      uid,
      core.vm()?.metadata.uid,
      'Running',
    ]);
  });

  test('in the foreground the machine goes last', async () => {
    const core = await running();
    await core.delete(resources.virtualMachines, 'web', { propagation: 'Foreground' });
    const during = [core.vm()?.metadata.finalizers, core.vmi()?.metadata.deletionTimestamp !== undefined];
    await core.clock.advance(2_000);
    expect([during, core.vm(), core.vmi()]).toEqual([
      [['kubevirt.io/virtualMachineControllerFinalize', 'foregroundDeletion'], true],
      undefined,
      undefined,
    ]);
  });

  test('a machine that is made again while the old run still stops, waits for it', async () => {
    const core = await running();
    core.host.world.behave({ shutdownMs: 10_000 });
    await core.delete(resources.virtualMachines, 'web', { propagation: 'Background' });
    const old = core.vmi()?.metadata.uid;
    await core.clock.advance(1_000);
    const gone = core.vm();
    await core.clock.advance(20_000);
    await core.made(vm(withRunStrategy('Always')));
    expect([gone?.metadata.deletionTimestamp !== undefined, printable(core), core.vmi()?.metadata.uid === old]).toEqual([
      true,
      'Running',
      false,
    ]);
  });

  test('with grace period 0 it is a power cut', async () => {
    const core = await running();
    core.host.world.behave({ acpi: 'ignores' });
    await core.delete(resources.virtualMachines, 'web', { gracePeriodSeconds: 0 });
    await core.clock.advance(1);
    expect([core.vm(), core.vmi(), core.host.world.history[0]?.exit]).toEqual([undefined, undefined, { type: 'HostStopped' }]);
  });

  test('a run that was never started just goes', async () => {
    const core = await startCore();
    await core.made(vm(withRunStrategy('Always'), withDisk('root', { claim: 'nowhere' })));
    await core.delete(resources.virtualMachines, 'web');
    expect([core.vm(), core.vmi(), core.host.world.runDirs.size]).toEqual([undefined, undefined, 0]);
  });
});

describe('without a machine', () => {
  test('a run can be made, ends, stays as it ended, and takes its own traces along', async () => {
    const core = await startCore();
    await core.made(vmi(named('alone'), withCloudInit('#cloud-config\n')));
    const uid = core.vmi('alone')?.metadata.uid ?? '';
    const started = core.vmi('alone')?.status?.phase;
    const start = await refusal(core.engine.act('start', machineKey('alone')));
    core.guest('alone').powersOff();
    await core.clock.advance(60_000);
    const ended = [core.vmi('alone')?.status?.phase, core.host.world.serialLogs.has(uid)];
    await core.delete(resources.virtualMachineInstances, 'alone');
    expect([started, start, ended, core.vmi('alone'), core.host.world.serialLogs.has(uid)]).toEqual([
      'Running',
      'NotFound: virtualmachines.kubevirt.io "alone" not found',
      ['Succeeded', true],
      undefined,
      false,
    ]);
  });
});
