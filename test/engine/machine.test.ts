// Owns the proof of what happens to machines: KubeVirt's own end-to-end checklist, as far as it applies to one computer.
// Must not look inside the engine.
import { describe, expect, test } from 'vitest';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import type { DraftObject } from '../../electron/api/object.ts';
import { resources } from '../../electron/api/resources.ts';
import {
  claim,
  dataVolume,
  secret,
  vm,
  vmi,
  withCloudInit,
  withDataVolumeTemplate,
  withDisk,
  withDomain,
  withMemory,
  withRunStrategy,
  withTemplate,
  named,
} from '../fakes/builders.ts';
import { condition, machineKey, refusal, startCore, type TestCore } from './harness.ts';

const printable = (core: TestCore): string | undefined => core.vm()?.status?.printableStatus;

describe('starting', () => {
  test('goes Pending, Scheduled, Running and tells of it', async () => {
    const core = await startCore();
    await core.made(vm());
    const before = [printable(core), condition(core.vm(), 'Ready'), core.vm()?.status?.created];
    await core.act('start');
    expect({
      before,
      phases: core.vmi()?.status?.phaseTransitionTimestamps?.map(({ phase }) => phase),
      node: core.vmi()?.status?.nodeName,
      ready: [condition(core.vmi(), 'Ready'), condition(core.vm(), 'Ready'), core.vm()?.status?.ready],
      printable: printable(core),
      qmp: core.guest().qmpLog,
      events: core.events(),
    }).toEqual({
      before: ['Stopped', 'False/VMINotExists', false],
      phases: ['Pending', 'Scheduled', 'Running'],
      node: 'workshop',
      ready: ['True', 'True', true],
      printable: 'Running',
      qmp: [{ execute: 'cont' }],
      events: [
        'SuccessfulCreate: Started the virtual machine by creating the new virtual machine instance web',
        'Created: VirtualMachineInstance defined.',
        'Started: VirtualMachineInstance started.',
      ],
    });
  });

  test('writes the intent before anything else is done', async () => {
    const core = await startCore();
    await core.made(vm());
    const asked = core.engine.act('start', machineKey());
    expect([core.vm()?.spec.runStrategy, core.host.world.history.length]).toEqual(['Always', 0]);
    await asked;
  });

  test('paused: Running and Paused, before the first instruction', async () => {
    const core = await startCore();
    await core.made(vm(withRunStrategy('Manual')));
    await core.act('start', 'web', { paused: true });
    const paused = [
      core.vmi()?.status?.phase,
      condition(core.vmi(), 'Paused'),
      printable(core),
      core.guest().runState,
      core.vm()?.status?.stateChangeRequests,
    ];
    await core.act('unpause');
    expect([paused, printable(core), core.guest().runState]).toEqual([
      ['Running', 'True/PausedByUser', 'Paused', 'prelaunch', undefined],
      'Running',
      'running',
    ]);
  });

  test('paused, of a halted machine', async () => {
    const core = await startCore();
    await core.made(vm());
    await core.act('start', 'web', { paused: true });
    expect([core.vm()?.spec.runStrategy, printable(core), core.guest().runState]).toEqual(['Always', 'Paused', 'prelaunch']);
  });

  test('startStrategy Paused does the same', async () => {
    const core = await startCore();
    await core.made(
      vm(
        withRunStrategy('Always'),
        withTemplate((spec) => ({ ...spec, startStrategy: 'Paused' })),
      ),
    );
    expect([printable(core), core.guest().runState]).toEqual(['Paused', 'prelaunch']);
  });

  test('that fails early counts, backs off and tries again', async () => {
    const core = await startCore();
    core.host.world.behave({ startFails: 'qemu-system-x86_64: -m: out of range' });
    await core.made(vm(withRunStrategy('Always')));
    const first = [
      printable(core),
      core.vm()?.status?.startFailure?.consecutiveFailCount,
      core.vm()?.status?.startFailure?.retryAfterTimestamp,
    ];
    await core.clock.advance(9_000);
    const waiting = core.vm()?.status?.startFailure?.consecutiveFailCount;
    await core.clock.advance(1_000);
    const second = [core.vm()?.status?.startFailure?.consecutiveFailCount, core.vm()?.status?.startFailure?.retryAfterTimestamp];
    core.host.world.behave({ startFails: undefined });
    await core.clock.advance(40_000);
    const third = printable(core);
    core.guest().powersOff();
    await core.settle();
    expect({
      first,
      waiting,
      second,
      third,
      after: [printable(core), core.vm()?.status?.startFailure],
      leftovers: core.host.world.runDirs.size,
    }).toEqual({
      first: ['CrashLoopBackOff', 1, '2026-01-02T03:04:15Z'],
      waiting: 1,
      second: [2, '2026-01-02T03:04:55Z'],
      third: 'Running',
      after: ['Running', undefined],
      leftovers: 1,
    });
    expect(core.events()).toContain('SyncFailed: QEMU ended before it was ready: qemu-system-x86_64: -m: out of range');
  });

  test('stop during CrashLoopBackOff ends the tries', async () => {
    const core = await startCore();
    core.host.world.behave({ startFails: 'no' });
    await core.made(vm(withRunStrategy('Always')));
    await core.act('stop');
    await core.clock.advance(600_000);
    expect([printable(core), core.vm()?.spec.runStrategy, core.vmi(), core.vm()?.status?.startFailure]).toEqual([
      'Stopped',
      'Halted',
      undefined,
      undefined,
    ]);
  });

  test('that is refused is Pending with the reasons, and is tried again when the reason may be gone', async () => {
    const core = await startCore();
    await core.made(vm(withRunStrategy('Always'), withDisk('root', { claim: 'web-root' })));
    const missing = [printable(core), core.vmi()?.status?.phase, condition(core.vmi(), 'Synchronized')];
    await core.made(claim({ name: 'web-root' }));
    expect([
      missing,
      printable(core),
      condition(core.vmi(), 'Synchronized'),
      core.events().filter((line) => line.startsWith('Failed')),
    ]).toEqual([
      ['ErrorPvcNotFound', 'Scheduling', 'False/FailedPvcNotFound'],
      'Running',
      undefined,
      ['FailedPvcNotFound: PVC default/web-root does not exist.'],
    ]);
  });

  test('waits for a missing Secret and starts once it appears', async () => {
    const core = await startCore();
    await core.made(
      vm(
        withRunStrategy('Always'),
        withTemplate((spec) => ({ ...spec, volumes: [{ name: 'seed', cloudInitNoCloud: { secretRef: { name: 'user-data' } } }] })),
      ),
    );
    const before = [printable(core), condition(core.vmi(), 'PodScheduled')];
    await core.made(secret({ name: 'user-data', stringData: { userdata: '#cloud-config\n' } }));
    expect([before, printable(core)]).toEqual([['ErrorUnschedulable', 'False/Unschedulable'], 'Running']);
  });

  test('waits for a disk that another machine writes to, and starts when that ends', async () => {
    const core = await startCore();
    await core.made(claim({ name: 'shared' }));
    await core.made(
      vm(named('first'), withRunStrategy('Always'), withDisk('root', { claim: 'shared' })),
      vm(named('second'), withRunStrategy('Always'), withDisk('root', { claim: 'shared' })),
    );
    const before = [core.vm('first')?.status?.printableStatus, core.vm('second')?.status?.printableStatus];
    await core.act('stop', 'first');
    await core.clock.advance(2_000);
    expect([
      before,
      core.vm('first')?.status?.printableStatus,
      core.vm('second')?.status?.printableStatus,
      core.host.world.history.length,
    ]).toEqual([['Running', 'ErrorUnschedulable'], 'Stopped', 'Running', 2]);
  });

  test('at the same moment: one of two gets the disk, and no QEMU fails', async () => {
    const core = await startCore();
    await core.made(claim({ name: 'shared' }));
    await core.create(vm(named('first'), withDisk('root', { claim: 'shared' })));
    await core.create(vm(named('second'), withDisk('root', { claim: 'shared' })));
    await core.settle();
    await Promise.all([core.engine.act('start', machineKey('first')), core.engine.act('start', machineKey('second'))]);
    await core.settle();
    const states = new Set([core.vm('first')?.status?.printableStatus, core.vm('second')?.status?.printableStatus]);
    expect([states, core.host.world.history.length]).toEqual([new Set(['ErrorUnschedulable', 'Running']), 1]);
  });

  test('looks again by itself, less and less often, for what nobody tells', async () => {
    const core = await startCore();
    core.host.world.takenPorts.add(2222);
    const forwards = JSON.stringify([{ protocol: 'tcp', host: 2222, guest: 22 }]);
    const draft = vm(withRunStrategy('Always'));
    await core.made({ ...draft, metadata: { ...draft.metadata, annotations: { 'virtdeck.io/port-forwards': forwards } } });
    const refused = printable(core);
    await core.clock.advance(4_000);
    core.host.world.takenPorts.clear();
    await core.settle();
    const still = printable(core);
    await core.clock.advance(1_000);
    expect([refused, still, printable(core)]).toEqual(['ErrorUnschedulable', 'ErrorUnschedulable', 'Running']);
  });
});

describe('running', () => {
  test('pause and unpause', async () => {
    const core = await running();
    await core.act('pause');
    const paused = [printable(core), condition(core.vmi(), 'Paused'), condition(core.vm(), 'Paused'), core.guest().runState];
    const refused = await refusal(core.engine.act('pause', machineKey()));
    await core.act('unpause');
    expect([paused, refused, printable(core), condition(core.vmi(), 'Paused'), condition(core.vm(), 'Paused')]).toEqual([
      ['Paused', 'True/PausedByUser', 'True/PausedByUser', 'paused'],
      'Conflict: Operation cannot be fulfilled on virtualmachineinstance.kubevirt.io "web": VMI is already paused',
      'Running',
      undefined,
      undefined,
    ]);
  });

  test('stop, start and restart while paused', async () => {
    const core = await running('Manual');
    await core.act('pause');
    const start = await refusal(core.engine.act('start', machineKey()));
    await core.act('restart');
    await core.clock.advance(2_000);
    const restarted = printable(core);
    await core.act('pause');
    await core.act('stop');
    await core.clock.advance(2_000);
    expect([start, restarted, printable(core), core.host.world.history.map(({ exit }) => exit?.type)]).toEqual([
      'Conflict: Operation cannot be fulfilled on virtualmachine.kubevirt.io "web": VM is already running',
      'Running',
      'Stopped',
      ['GuestShutdown', 'GuestShutdown'],
    ]);
  });

  test('reset keeps the run; so does a reboot by the guest itself', async () => {
    const core = await running();
    const uid = core.vmi()?.metadata.uid;
    await core.act('reset');
    core.guest().reboots();
    await core.settle();
    expect([core.vmi()?.metadata.uid, printable(core), core.guest().qmpLog.map(({ execute }) => execute), core.events().at(-1)]).toEqual([
      uid,
      'Running',
      ['cont', 'system_reset'],
      'GuestReset: The guest restarted itself.',
    ]);
  });

  test('softreboot by the agent when it is connected', async () => {
    const core = await running();
    core.guest().agentConnects(true);
    await core.settle();
    await core.act('softreboot');
    expect([core.guest().agentLog, core.guest().alive, printable(core)]).toEqual([['guest-shutdown'], true, 'Running']);
  });

  test('softreboot by the power button: the shutdown is followed by a reset, not by an end', async () => {
    const core = await running();
    const uid = core.vmi()?.metadata.uid;
    await core.act('softreboot');
    await core.clock.advance(2_000);
    expect([core.vmi()?.metadata.uid, printable(core), core.guest().runState, core.guest().qmpLog]).toEqual([
      uid,
      'Running',
      'running',
      [
        { execute: 'cont' },
        { execute: 'set-action', arguments: { shutdown: 'pause' } },
        { execute: 'system_powerdown' },
        { execute: 'system_reset' },
        { execute: 'set-action', arguments: { shutdown: 'poweroff' } },
        { execute: 'cont' },
      ],
    ]);
  });

  test('a softreboot that the guest ignores is forgotten: a later shutdown is one', async () => {
    const core = await running('Manual');
    core.host.world.behave({ acpi: 'ignores' });
    await core.act('softreboot');
    await core.clock.advance(300_000);
    core.guest().powersOff();
    await core.settle();
    expect([printable(core), core.vmi()?.status?.phase]).toEqual(['Stopped', 'Succeeded']);
  });

  test('a stop in the middle of a softreboot stops', async () => {
    const core = await running('Manual');
    await core.act('softreboot');
    await core.act('stop');
    await core.clock.advance(2_000);
    expect([printable(core), core.vmi()]).toEqual(['Stopped', undefined]);
  });

  test('softreboot needs an agent or ACPI', async () => {
    const core = await startCore();
    await core.made(
      vm(
        withRunStrategy('Always'),
        withDomain((domain) => ({ ...domain, features: { acpi: { enabled: false } } })),
      ),
    );
    expect(await refusal(core.engine.act('softreboot', machineKey()))).toBe(
      'Conflict: Operation cannot be fulfilled on virtualmachineinstance.kubevirt.io "web": VMI neither has the agent connected nor the ACPI feature enabled',
    );
  });

  test('the template may change; the run does not, and RestartRequired says so until the restart', async () => {
    const core = await running();
    const before = core.vmi()?.spec;
    await update(core, (draft) => ({ ...draft, spec: vm(withRunStrategy('Always'), withMemory('512Mi')).spec }));
    const after = [
      core.vmi()?.spec === before,
      condition(core.vm(), 'RestartRequired'),
      core.vm()?.metadata.generation,
      core.vm()?.status?.observedGeneration,
    ];
    await core.act('restart');
    await core.clock.advance(2_000);
    expect([
      after,
      core.vmi()?.spec.domain.memory?.guest,
      condition(core.vm(), 'RestartRequired'),
      core.vm()?.status?.observedGeneration,
    ]).toEqual([[true, 'True/RestartRequired', 2, 1], '512Mi', undefined, 2]);
  });

  test('a label of the machine is no reason to restart, and no new generation', async () => {
    const core = await running();
    await update(core, (draft) => ({ ...draft, metadata: { ...draft.metadata, labels: { team: 'blue' } } }));
    expect([core.vm()?.metadata.labels, core.vm()?.metadata.generation, condition(core.vm(), 'RestartRequired')]).toEqual([
      { team: 'blue' },
      1,
      undefined,
    ]);
  });

  test('what this computer does not honour is named in a condition', async () => {
    const core = await startCore();
    await core.made(vm(withTemplate((spec) => ({ ...spec, schedulerName: 'my-scheduler' }))));
    const found = core.vm()?.status?.conditions?.find(({ type }) => type === 'NotHonoured');
    expect([found?.status, found?.message?.split(':')[0]]).toEqual(['True', 'spec.template.spec.schedulerName']);
  });

  test('the agent brings addresses and the guest OS, and takes them away', async () => {
    const core = await running();
    core.guest().agentConnects(true);
    core.guest().listener?.({
      type: 'Interfaces',
      interfaces: [{ interfaceName: 'eth0', mac: core.vmi()?.status?.interfaces?.[0]?.mac ?? '', ipAddresses: ['10.0.2.15'] }],
      at: 0,
    });
    core.guest().listener?.({ type: 'GuestOs', os: { id: 'debian', prettyName: 'Debian 12' }, at: 0 });
    await core.settle();
    const known = [
      condition(core.vmi(), 'AgentConnected'),
      core.vmi()?.status?.interfaces?.[0]?.ipAddress,
      core.vmi()?.status?.guestOSInfo?.prettyName,
    ];
    core.guest().agentConnects(false);
    await core.settle();
    expect([
      known,
      condition(core.vmi(), 'AgentConnected'),
      core.vmi()?.status?.interfaces?.[0]?.ipAddress,
      core.vmi()?.status?.guestOSInfo,
    ]).toEqual([['True', '10.0.2.15', 'Debian 12'], undefined, undefined, undefined]);
  });
});

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

  test('a watchdog and a panic leave a picture', async () => {
    const core = await running('Manual');
    core.guest().emits('WATCHDOG', { action: 'reset' });
    await core.settle();
    expect([core.events().at(-1), core.host.world.screenshots.size]).toEqual([
      'Watchdog: The watchdog was not fed in time; its action is reset.',
      1,
    ]);
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

describe('disks that a machine brings along', () => {
  test('are made first, then the run', async () => {
    const core = await startCore();
    core.host.disks.mode = { type: 'held' };
    await core.made(vm(withRunStrategy('Always'), withDataVolumeTemplate('web-root')));
    const before = [printable(core), core.vmi(), core.dataVolume('web-root')?.metadata.ownerReferences?.[0]?.name];
    core.host.disks.fills[0]?.finish();
    await core.settle();
    expect([before, printable(core), core.dataVolume('web-root')?.status?.phase]).toEqual([
      ['Provisioning', undefined, 'web'],
      'Running',
      'Succeeded',
    ]);
  });

  test('that fail are named in the status', async () => {
    const core = await startCore();
    const { AppError } = await import('../../electron/api/errors.ts');
    core.host.disks.mode = { type: 'fails', error: new AppError('ImageRefused', 'It has a backing file.') };
    await core.made(vm(withRunStrategy('Always'), withDataVolumeTemplate('web-root', { http: { url: 'https://example.test/a.qcow2' } })));
    expect([printable(core), core.vmi(), core.dataVolume('web-root')?.status?.phase]).toEqual(['DataVolumeError', undefined, 'Failed']);
  });

  test('go with the machine', async () => {
    const core = await startCore();
    await core.made(vm(withRunStrategy('Always'), withDataVolumeTemplate('web-root')));
    const files = core.host.world.files.size;
    await core.delete(resources.virtualMachines, 'web');
    await core.clock.advance(2_000);
    expect([files, core.dataVolume('web-root'), core.claim('web-root'), core.host.world.files.size]).toEqual([1, undefined, undefined, 0]);
  });

  test('named without a template: the run is there and waits for the DataVolume', async () => {
    const core = await startCore();
    core.host.disks.mode = { type: 'held' };
    await core.made(dataVolume({ name: 'web-root' }), vm(withRunStrategy('Always'), withDisk('root', { dataVolume: 'web-root' })));
    const before = [printable(core), core.vmi()?.status?.phase];
    core.host.disks.fills[0]?.finish();
    await core.settle();
    expect([before, printable(core)]).toEqual([['Provisioning', 'Pending'], 'Running']);
  });
});

async function running(strategy: 'Always' | 'Manual' = 'Always'): Promise<TestCore> {
  const core = await startCore();
  await core.made(vm(withRunStrategy(strategy)));
  if (strategy === 'Manual') await core.act('start');
  return core;
}

async function update(core: TestCore, change: (draft: DraftObject) => DraftObject): Promise<void> {
  const stored = core.vm() as VirtualMachine;
  await core.engine.update(machineKey(), change({ ...stored }));
  await core.settle();
}
