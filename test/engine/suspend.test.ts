// Owns the proof of suspending to disk over a pretended computer: saved, gone on with, refused with every reason, discarded when broken.
// Must not look inside the engine.
import { describe, expect, test } from 'vitest';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import type { RunStrategy } from '../../electron/api/lifecycle.ts';
import type { DraftObject } from '../../electron/api/object.ts';
import { resources } from '../../electron/api/resources.ts';
import type { VolumeRequest } from '../../electron/core/reconcile/volume-request.ts';
import { claim, dataVolume, vm, type VmPart, withDataVolumeTemplate, withDisk, withDomain, withRunStrategy } from '../fakes/builders.ts';
import { condition, machineKey, printable, refusal, startCore, type TestCore, update } from './harness.ts';

async function up(strategy: RunStrategy = 'Always', ...parts: readonly VmPart[]): Promise<TestCore> {
  const core = await startCore();
  await core.made(dataVolume({ name: 'root' }), vm(withDisk('root', { dataVolume: 'root' }), withRunStrategy(strategy), ...parts));
  if (strategy === 'Manual') await core.act('start');
  return core;
}

async function suspend(core: TestCore): Promise<void> {
  await core.engine.suspendToDisk(machineKey());
  await core.clock.advance(3_000);
}

const sent = (core: TestCore): readonly string[] =>
  core
    .guest()
    .qmpLog.map(({ execute }) => execute)
    .filter((execute) => ['snapshot-save', 'snapshot-load', 'snapshot-delete', 'stop', 'cont', 'quit'].includes(execute));
const message = (core: TestCore, type: string) => core.vm()?.status?.conditions?.find((one) => one.type === type)?.message;

test('its memory is saved while it stands still, its process ends, and a start goes on from there', async () => {
  const core = await up();
  const first = core.guest();
  await suspend(core);
  expect(first.qmpLog.map(({ execute }) => execute).slice(-6)).toEqual(expect.arrayContaining(['stop', 'snapshot-save', 'quit']));
  expect([first.alive, core.vmi(), printable(core), core.vm()?.spec.runStrategy, condition(core.vm(), 'SavedState')]).toEqual([
    false,
    undefined,
    'Stopped',
    'Halted',
    'True/SuspendedToDisk',
  ]);
  core.host.world.behave({ agentAfterMs: 1_000 });
  await core.act('start');
  expect(sent(core)).toEqual(['snapshot-load', 'cont', 'snapshot-delete']);
  await core.clock.advance(2_000);
  expect([printable(core), core.vm()?.spec.runStrategy, condition(core.vm(), 'SavedState')]).toEqual(['Running', 'Always', undefined]);
  expect(core.store.list(resources.controllerRevisions, 'default')).toEqual([]);
  // It stood still without knowing it.
  expect(core.guest().agentLog).toContain('guest-set-time');
  await core.act('stop');
  await core.clock.advance(5_000);
  await core.act('start');
  expect(sent(core)).toEqual(['cont']);
});

test.each([
  ['Always', 'Halted', 'Always'],
  ['Once', 'Halted', 'Once'],
  ['Manual', 'Manual', 'Manual'],
  ['RerunOnFailure', 'RerunOnFailure', 'RerunOnFailure'],
] as const)('run strategy %s is %s while it is suspended, and %s after it', async (before, meanwhile, after) => {
  const core = await up(before);
  await suspend(core);
  const during = [core.vm()?.spec.runStrategy, printable(core)];
  await core.act('start');
  expect([during, core.vm()?.spec.runStrategy, printable(core)]).toEqual([[meanwhile, 'Stopped'], after, 'Running']);
});

test('while its memory is written it is paused, and says for what; a failure takes that back', async () => {
  const core = await up('Manual');
  const seen: (string | undefined)[] = [];
  const stop = core.engine.subscribe(() => void seen.push(condition(core.vmi(), 'Paused')));
  core.host.world.behave({ failsJobs: { 'snapshot-save': 'No space left on device' } });
  expect(await refusal(core.engine.suspendToDisk(machineKey()))).toContain('No space left on device');
  await core.settle();
  expect(seen).toContain('True/PausedSuspend');
  expect([condition(core.vmi(), 'Paused'), core.guest().runState]).toEqual([undefined, 'running']);
  // One that stood still before stands still as its user left it.
  await core.act('pause');
  await refusal(core.engine.suspendToDisk(machineKey()));
  await core.settle();
  expect([condition(core.vmi(), 'Paused'), core.guest().runState]).toEqual(['True/PausedByUser', 'paused']);
  stop();
});

test('the disk of a suspended machine is not deleted; with the saved state gone it is', async () => {
  const core = await up('Manual');
  await suspend(core);
  for (const resource of [resources.persistentVolumeClaims, resources.dataVolumes]) {
    expect(await refusal(core.engine.delete({ resource, namespace: 'default', name: 'root' }))).toBe(
      'Conflict: The machine web is suspended to disk, and its disk root is part of that.',
    );
  }
  expect(core.claim('root')?.metadata.deletionTimestamp).toBeUndefined();
  await core.engine.discardSavedState(machineKey());
  await core.delete(resources.dataVolumes, 'root');
  expect(core.claim('root')).toBeUndefined();
});

test('a suspended machine is deleted together with its disk', async () => {
  const core = await startCore();
  await core.made(vm(withDataVolumeTemplate('root'), withRunStrategy('Always')));
  await suspend(core);
  await core.delete(resources.virtualMachines, 'web');
  await core.clock.advance(3_000);
  expect([core.vm(), core.claim('root')]).toEqual([undefined, undefined]);
});

test('a definition that was changed meanwhile waits for the next start: the memory is of the old one', async () => {
  const core = await up();
  await suspend(core);
  await update(core, (draft) => {
    const spec = draft['spec'] as VirtualMachine['spec'];
    const template = { ...spec.template, spec: { ...spec.template.spec, domain: { devices: {}, memory: { guest: '1Gi' } } } };
    return { ...draft, spec: { ...spec, template } };
  });
  await core.act('start');
  expect([core.guest().plan.memoryMiB, condition(core.vm(), 'RestartRequired')]).toEqual([256, 'True/RestartRequired']);
});

function grown(part: object) {
  return (draft: DraftObject): DraftObject => {
    const spec = draft['spec'] as VirtualMachine['spec'];
    const domain = { ...spec.template.spec?.domain, ...part };
    return { ...draft, spec: { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, domain } } } };
  };
}

const plugIn: VolumeRequest = {
  type: 'add',
  name: 'more',
  disk: { disk: { bus: 'virtio' } },
  source: { persistentVolumeClaim: { claimName: 'more', hotpluggable: true } },
};

describe('refused with every reason', () => {
  const rows: readonly (readonly [string, (core: TestCore) => Promise<void>, string])[] = [
    [
      'it does not run',
      async (core) => core.act('stop').then(() => core.clock.advance(5_000)),
      'Conflict: Operation cannot be fulfilled on virtualmachine.kubevirt.io "web": VMI is not running',
    ],
    [
      'QEMU says so',
      async (core) => core.host.world.behave({ migrationBlockers: ["0000:00:02.0: VFIO device doesn't support migration"] }),
      "Invalid: QEMU cannot keep the state of this machine: 0000:00:02.0: VFIO device doesn't support migration.",
    ],
    [
      'a disk was plugged in',
      async (core) => {
        await core.made(claim({ name: 'more', format: 'qcow2' }));
        await core.engine.changeVolumes(machineKey(), plugIn);
        await core.settle();
      },
      'Invalid: The disk more was plugged in while the machine ran: another QEMU would give it another place.',
    ],
  ];
  test('it has grown while it ran', async () => {
    const roomy = withDomain((domain) => ({ ...domain, cpu: { sockets: 1, maxSockets: 2 }, memory: { guest: '1Gi', maxGuest: '2Gi' } }));
    const core = await up('Always', roomy);
    await update(core, grown({ cpu: { sockets: 2, maxSockets: 2 }, memory: { guest: '2Gi', maxGuest: '2Gi' } }));
    await core.clock.advance(5_000);
    expect(await refusal(core.engine.suspendToDisk(machineKey()))).toBe(
      [
        'Invalid: The memory of the machine was resized while it ran: another QEMU would begin with another size.',
        'Processors were plugged in while the machine ran: another QEMU would begin with them.',
      ].join(' '),
    );
    expect(core.guest().runState).toBe('running');
  });

  test.each(rows)('%s', async (_name, prepare, words) => {
    const core = await up();
    await prepare(core);
    expect(await refusal(core.engine.suspendToDisk(machineKey()))).toBe(words);
    expect(condition(core.vm(), 'SavedState')).toBeUndefined();
  });

  test('what could not be saved goes on', async () => {
    const core = await up();
    core.host.world.behave({ failsJobs: { 'snapshot-save': 'No space left on device' } });
    expect(await refusal(core.engine.suspendToDisk(machineKey()))).toBe('QmpFailed: snapshot-save failed: No space left on device');
    await core.settle();
    expect([core.guest().runState, printable(core)]).toEqual(['running', 'Running']);
  });
});

test('a saved state that cannot be loaded is said, kept, and discarded when the user wants that', async () => {
  const core = await up(
    'Manual',
    withDomain((domain) => ({ ...domain, devices: { ...domain.devices, tpm: { persistent: true } } })),
  );
  await suspend(core);
  core.host.world.behave({ failsJobs: { 'snapshot-load': 'Missing section footer' } });
  await core.act('start');
  expect([printable(core), condition(core.vm(), 'SavedState'), message(core, 'SavedState')]).toEqual([
    'Stopped',
    'True/CannotBeLoaded',
    expect.stringContaining('Missing section footer'),
  ]);
  expect(core.host.world.guest('web')?.alive).not.toBe(true);
  await core.engine.discardSavedState(machineKey());
  await core.settle();
  expect(core.host.world.imageSnapshots.at(-1)).toMatch(/^forget vd-suspended /);
  expect(core.host.world.tpmCopies.at(-1)).toMatch(/^forget vd-suspended /);
  expect([condition(core.vm(), 'SavedState'), await refusal(core.engine.discardSavedState(machineKey()))]).toEqual([
    undefined,
    'Conflict: Operation cannot be fulfilled on virtualmachine.kubevirt.io "web": there is no saved state',
  ]);
  await core.act('start');
  expect([printable(core), sent(core)]).toEqual(['Running', ['cont']]);
});

test('a core that is killed while its machine goes on: the memory is taken once', async () => {
  const core = await up();
  await suspend(core);
  await core.engine.act('start', machineKey());
  const next = await core.reborn();
  await next.settle();
  await next.clock.advance(10_000);
  expect([printable(next), condition(next.vm(), 'SavedState'), sent(next).filter((one) => one === 'snapshot-load').length]).toEqual([
    'Running',
    undefined,
    1,
  ]);
});

test('a rehearsal changes nothing', async () => {
  const core = await up();
  await core.engine.suspendToDisk(machineKey(), { dryRun: true });
  expect([core.guest().alive, sent(core)]).toEqual([true, ['cont']]);
});
