// Owns the proof of how machines start, and why they wait: KubeVirt's own end-to-end checklist, as far as it applies to one computer.
// Must not look inside the engine.
import { describe, expect, test } from 'vitest';
import { AppError } from '../../electron/api/errors.ts';
import { resources } from '../../electron/api/resources.ts';
import {
  claim,
  dataVolume,
  named,
  secret,
  vm,
  withDataVolumeTemplate,
  withDisk,
  withRunStrategy,
  withTemplate,
  withDomain,
  vmi,
} from '../fakes/builders.ts';
import { condition, machineKey, printable, startCore, update } from './harness.ts';

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
    expect(core.events()).toContain('SyncFailed: QEMU ended before it was ready: qemu-system-x86_64: -m: out of range Correct it.');
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

describe('a run that may not be made', () => {
  test('is told of in the condition Failure, until the machine is mended', async () => {
    const core = await startCore();
    await core.made(
      vm(
        withRunStrategy('Always'),
        withDomain(() => ({ devices: {} })),
      ),
    );
    const before = [core.vmi(), condition(core.vm(), 'Failure'), core.events()];
    await update(core, (draft) => ({ ...draft, spec: vm(withRunStrategy('Always')).spec }));
    expect([before, printable(core), condition(core.vm(), 'Failure')]).toEqual([
      [
        undefined,
        'True/FailedCreate',
        [expect.stringMatching(/^FailedCreate: VirtualMachineInstance\.kubevirt\.io "web" is invalid: .*no memory requested/)],
      ],
      'Running',
      undefined,
    ]);
  });

  test('because somebody else has one of that name: the machine waits for its end', async () => {
    const core = await startCore();
    const owner = { apiVersion: 'v1', kind: 'Secret', name: 'other', uid: 'other', controller: true };
    const other = vmi();
    await core.made(secret({ name: 'other', stringData: {} }));
    await core.made({ ...other, metadata: { ...other.metadata, ownerReferences: [owner] } });
    await core.made(vm(withRunStrategy('Always')));
    const before = [core.vmi()?.metadata.ownerReferences, core.vm()?.status?.created];
    await core.delete(resources.virtualMachineInstances, 'web');
    await core.clock.advance(2_000);
    expect([before, printable(core), core.vmi()?.metadata.ownerReferences?.[0]?.kind]).toEqual([
      [[owner], false],
      'Running',
      'VirtualMachine',
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
