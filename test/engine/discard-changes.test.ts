// Owns the proof of runs whose changes are thrown away, over a pretended computer: begun, said, ended, and what they cannot do.
// Must not look inside the engine.
import { expect, test } from 'vitest';
import { annotations } from '../../electron/api/annotations.ts';
import type { RunStrategy } from '../../electron/api/lifecycle.ts';
import { claim, dataVolume, vm, withDisk, withMeta, withRunStrategy } from '../fakes/builders.ts';
import { condition, machineKey, refusal, startCore, type TestCore } from './harness.ts';

async function withMachine(strategy: RunStrategy = 'Halted', meta = {}): Promise<TestCore> {
  const core = await startCore();
  await core.made(dataVolume({ name: 'root' }), vm(withDisk('root', { dataVolume: 'root' }), withRunStrategy(strategy), withMeta(meta)));
  return core;
}

const said = (core: TestCore) => core.vm()?.metadata.annotations?.[annotations.discardChanges];
const throwsAway = (core: TestCore) => condition(core.vm(), 'DiscardsChanges') === 'True/AskedAtStart';
const overlays = (core: TestCore) => [...core.host.world.files.keys()].filter((path) => path.includes('/discarded-'));

test('a start that asks for it lays a file on top of each disk, says so, and takes it away at the end', async () => {
  const core = await withMachine();
  await core.act('start', 'web', { discardChanges: true });
  const during = [said(core), throwsAway(core), overlays(core).length];
  // The guest's own power-off: with Always it comes again, and begins again with the disks as they are.
  core.guest().powersOff();
  await core.clock.advance(20_000);
  const again = [said(core), throwsAway(core), overlays(core).length];
  await core.act('stop');
  await core.clock.advance(5_000);
  const stopped = [said(core), overlays(core).length];
  await core.act('start');
  expect([during, again, stopped, [said(core), throwsAway(core), overlays(core).length]]).toEqual([
    ['UntilStopped', true, 1],
    ['UntilStopped', true, 1],
    [undefined, 0],
    [undefined, false, 0],
  ]);
});

test('a machine that ended by itself is started as usual next time', async () => {
  const core = await withMachine('Manual');
  await core.act('start', 'web', { discardChanges: true });
  core.guest().powersOff();
  await core.clock.advance(5_000);
  await core.act('start');
  expect([said(core), throwsAway(core)]).toEqual([undefined, false]);
});

test('one whose manifest says so always does', async () => {
  const core = await withMachine('Manual', { annotations: { [annotations.discardChanges]: 'Always' } });
  await core.act('start');
  await core.act('stop');
  await core.clock.advance(5_000);
  expect([said(core), core.events().filter((one) => one.startsWith('Started')).length]).toEqual(['Always', 1]);
  await core.act('start');
  expect(throwsAway(core)).toBe(true);
});

test('what would be kept of it is refused: a snapshot, a suspended state, a disk that is plugged in', async () => {
  const core = await withMachine('Manual');
  await core.act('start', 'web', { discardChanges: true });
  expect(await refusal(core.engine.suspendToDisk(machineKey()))).toBe(
    'Invalid: The machine throws away what it writes: a snapshot would be thrown away with it.',
  );
  await core.made(claim({ name: 'more' }));
  await core.engine.changeVolumes(machineKey(), {
    type: 'add',
    name: 'more',
    disk: { disk: { bus: 'virtio' } },
    source: { persistentVolumeClaim: { claimName: 'more', hotpluggable: true } },
  });
  await core.clock.advance(1_000);
  expect(core.vmi()?.status?.volumeStatus?.find(({ name }) => name === 'more')?.message).toBe(
    'The machine throws away what it writes: the disk more, plugged in now, would keep it.',
  );
});

test('a machine that is suspended goes on as it was, or not at all', async () => {
  const core = await withMachine('Manual');
  await core.act('start');
  await core.engine.suspendToDisk(machineKey());
  await core.clock.advance(3_000);
  expect(await refusal(core.engine.act('start', machineKey(), { discardChanges: true }))).toBe(
    'Conflict: Operation cannot be fulfilled on virtualmachine.kubevirt.io "web": The machine is suspended to disk: a start goes on where it was, and keeps what it writes.',
  );
});
