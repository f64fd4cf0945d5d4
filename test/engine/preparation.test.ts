// Owns the proof that a preparation is applied as it was shown, undone one by one or as a whole, and told of while it goes on.
// Must not write files; the privileged program's own tests do.
import { expect, test } from 'vitest';
import { AppError } from '../../electron/api/errors.ts';
import type { PreparationChanges, PreparationStep } from '../../electron/api/preparation.ts';
import { createHostDevices } from '../../electron/host/devices/host-devices.ts';
import { writeDeviceTree } from '../fakes/device-tree.ts';
import { workstation } from '../fakes/workstation.ts';
import { tempDir } from '../host/temp-dir.ts';
import { refusal, startCore, type TestCore } from './harness.ts';

const card = ['0000:01:00.0'];

async function withDevices(): Promise<TestCore> {
  const core = await startCore();
  const root = tempDir();
  writeDeviceTree(root, workstation);
  core.host.world.hostDevices = await createHostDevices(root).facts();
  return core;
}

async function applied(core: TestCore): Promise<PreparationChanges> {
  const { digest } = await core.engine.preparation(card);
  return core.engine.applyPreparation({ devices: card, digest });
}

test('what was shown is done, nothing of it is asked for again, and undoing all leaves what was there', async () => {
  const core = await withDevices();
  const before = core.host.world.preparation;
  const plan = await core.engine.preparation(card);
  expect(plan.devices).toEqual(['0000:01:00.0', '0000:01:00.1', '0000:01:00.2']);
  const { items } = await applied(core);
  expect(items.map((change) => ('path' in change ? change.path : change.argument))).toEqual(
    plan.steps.flatMap(({ action }) => (action.type === 'write' ? [action.path] : [])).toReversed(),
  );
  expect(await core.engine.preparation(card)).toMatchObject({ steps: [], untilRestart: ['intel_iommu=on'] });
  expect(await core.engine.recoveryCard()).toMatchObject({
    hostname: 'tower',
    remove: ['intel_iommu=on'],
    add: ['module_blacklist=vfio_pci'],
    rebuild: ['update-initramfs -u -k all', 'update-grub'],
  });
  expect((await core.engine.undoPreparation()).items).toEqual([]);
  expect(core.host.world.preparation.files).toEqual(before.files);
  // The programs ran after the last file, each once.
  expect(core.host.world.preparation.record.deeds.slice(-2).map(({ verb }) => verb)).toEqual(['initramfs-update', 'bootloader-update']);
});

test('a plan that is another by now is not done, nor one that cannot be', async () => {
  const core = await withDevices();
  const { digest } = await core.engine.preparation(card);
  const { world } = core.host;
  world.preparation = { ...world.preparation, files: { ...world.preparation.files, 'modprobe-vfio': '# somebody’s\n' } };
  expect(await refusal(core.engine.applyPreparation({ devices: card, digest }))).toMatch(/^Conflict: .* look at the plan again/);
  expect(world.preparation.record.backups).toEqual([]);
  const needed = await core.engine.preparation(['0000:03:00.0']);
  expect(await refusal(core.engine.applyPreparation({ devices: ['0000:03:00.0'], digest: needed.digest }))).toBe(
    'Invalid: This computer cannot be prepared: This computer needs 0000:03:00.0 for the disk of /.',
  );
});

test('one change is undone, not one that a later one covers, nor one that somebody changed', async () => {
  const core = await withDevices();
  const { items } = await applied(core);
  const { world } = core.host;
  const idOf = (path: string): string => items.find((change) => 'path' in change && change.path === path)?.id ?? '';
  const left = await core.engine.undoPreparation(idOf('/etc/default/grub.d/60-virtdeck.cfg'));
  expect(left.items).toHaveLength(items.length - 1);
  expect(world.preparation.record.deeds.at(-1)).toMatchObject({ verb: 'bootloader-update', undo: { command: 'update-grub' } });
  // A MachineConfig changes the same file again.
  const source = 'data:,options%20vfio-pci%20ids=1002:73ff%0A';
  await core.made({
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfig',
    metadata: { name: 'more' },
    spec: {
      config: { ignition: { version: '3.2.0' }, storage: { files: [{ path: '/etc/modprobe.d/vfio.conf', contents: { source } }] } },
    },
  });
  await applied(core);
  const modprobe = idOf('/etc/modprobe.d/vfio.conf');
  expect((await core.engine.preparationChanges()).items.find(({ id }) => id === modprobe)?.state).toBe('covered');
  expect(await refusal(core.engine.undoPreparation(modprobe))).toContain('undo the later change first');
  const limit = idOf('/etc/security/limits.d/60-virtdeck.conf');
  const backups = world.preparation.record.backups.map((backup) =>
    String(backup.number) === limit ? { ...backup, current: 'x' } : backup,
  );
  world.preparation = { ...world.preparation, record: { ...world.preparation.record, backups } };
  expect(await refusal(core.engine.undoPreparation(limit))).toContain('changed by somebody');
  expect(await refusal(core.engine.undoPreparation('4711'))).toMatch(/^NotFound/);
});

test('what was left in the middle is in the next plan: a program that has not read what was written', async () => {
  const core = await withDevices();
  await applied(core);
  const { world } = core.host;
  const { record } = world.preparation;
  // The end came before the programs ran.
  world.preparation = { ...world.preparation, record: { ...record, deeds: record.deeds.filter(({ verb }) => verb === 'file-write') } };
  expect((await core.engine.preparation(card)).steps.map(({ id }) => id)).toEqual(['update-initramfs', 'update-grub']);
  await applied(core);
  expect((await core.engine.preparation(card)).steps).toEqual([]);
});

test('kernel arguments that a program gives are known until the restart, and taken away by it', async () => {
  const core = await withDevices();
  const { world } = core.host;
  world.preparation = { ...world.preparation, bootLoader: { type: 'grubby' }, initramfs: 'dracut' };
  await applied(core);
  expect(await core.engine.preparation(card)).toMatchObject({ steps: [], untilRestart: ['intel_iommu=on'] });
  const { items } = await core.engine.undoPreparation('intel_iommu=on');
  expect(items.some((change) => 'argument' in change)).toBe(false);
  expect((await core.engine.preparation(card)).steps.map(({ id }) => id)).toEqual(['grubby-add intel_iommu=on']);
});

test('where grubby would write over ids that somebody else gave, they come back when it is undone', async () => {
  const core = await withDevices();
  const { world } = core.host;
  const old = 'vfio-pci.ids=8086:1572';
  const cmdline = `${world.preparation.cmdline} ${old}`;
  world.preparation = { ...world.preparation, cmdline, bootLoader: { type: 'grubby' }, initramfs: 'dracut', vfioPciBuiltIn: true };
  const asked = (): Promise<readonly string[]> =>
    core.engine.preparation(card).then(({ steps }) => steps.map(({ id }) => id).filter((id) => id.includes('ids=')));
  const [takenAway, given = ''] = await asked();
  expect([takenAway, given]).toEqual([`grubby-remove ${old}`, expect.stringMatching(/^grubby-add vfio-pci\.ids=8086:1572,/)]);
  await applied(core);
  expect(await asked()).toEqual([]);
  const fresh = given.replace('grubby-add ', '');
  expect((await core.engine.recoveryCard()).add).toContain(old);
  expect(await refusal(core.engine.undoPreparation(old))).toMatch(/^Conflict: .* undo the later change first\.$/);
  await core.engine.undoPreparation(fresh);
  // Ended in the middle, what is left still names the old devices.
  expect((await asked()).at(-1)).toBe(given);
  expect((await core.engine.undoPreparation()).items).toEqual([]);
  const runs = world.preparation.record.deeds.flatMap(({ undo }) => (undo?.argument?.includes('ids=') === true ? [undo] : []));
  expect(runs.slice(-2)).toEqual([
    { command: 'grubby-add', argument: fresh },
    { command: 'grubby-remove', argument: old },
  ]);
});

test('a failure in the middle says what is done; what was done can be undone; who watches is told', async () => {
  const core = await withDevices();
  const told: PreparationChanges[] = [];
  const stop = core.engine.watchPreparationChanges((changes) => told.push(changes));
  await core.settle();
  const { preparation } = core.host;
  const apply = (step: PreparationStep): Promise<void> => fake.apply(step);
  const fake = { ...preparation };
  Object.assign(preparation, {
    apply: (step: PreparationStep) =>
      step.id === 'update-initramfs' ? Promise.reject(new AppError('ToolFailed', 'There is no room on /boot.')) : apply(step),
  });
  const { digest, steps } = await core.engine.preparation(card);
  const refused = await refusal(core.engine.applyPreparation({ devices: card, digest }));
  expect(refused).toBe(
    `ToolFailed: There is no room on /boot. Steps 1 to ${steps.length - 2} of ${steps.length} are done; undo them with: virtdeck prepare undo`,
  );
  await core.clock.advance(1_000);
  await core.settle();
  expect(told.at(-1)?.items).toHaveLength(steps.length - 2);
  Object.assign(preparation, { apply });
  expect((await core.engine.undoPreparation()).items).toEqual([]);
  stop();
});
