// Owns the proof of what the map of host devices shows and filters.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deviceGroups } from '../../../electron/core/devices/groups.ts';
import { createHostDevices } from '../../../electron/host/devices/host-devices.ts';
import {
  canBePrepared,
  type DeviceFilter,
  type GroupView,
  groupViews,
  isShown,
  mainDevice,
  nameOf,
  noFilter,
} from '../../../renderer/ui/device-groups.ts';
import { computers } from '../../fakes/computers.ts';
import { writeDeviceTree } from '../../fakes/device-tree.ts';
import { workstation } from '../../fakes/workstation.ts';

let root: string;
let views: readonly GroupView[];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'vd-map-'));
  writeDeviceTree(root, workstation);
  const { pci } = await createHostDevices(root).facts();
  const trial = { address: '0000:01:00.0', addresses: ['0000:01:00.0', '0000:01:00.1'], state: 'trying', secondsLeft: 7 } as const;
  views = groupViews({ pci, groups: deviceGroups({ pci }) }, [trial]);
});
afterAll(() => rmSync(root, { recursive: true }));

const viewOf = (address: string): GroupView | undefined => views.find(({ group }) => group.addresses.includes(address));
const shown = (filter: Partial<DeviceFilter>): readonly string[] =>
  views.filter((view) => isShown(view, { ...noFilter, ...filter })).map(({ group }) => group.id);

test('a group is called by its screen, not by its sound, and has its trial', () => {
  const card = viewOf('0000:01:00.1');
  const main = card === undefined ? undefined : mainDevice(card);
  expect(main === undefined ? undefined : nameOf(main)).toBe('NVIDIA Corporation TU104GL [Tesla T4]');
  expect(card).toMatchObject({ isForMachines: false, trial: { secondsLeft: 7 } });
  expect(viewOf('0000:04:02.1')).toMatchObject({ isForMachines: true, trial: undefined });
});

test('a card whose functions lie in groups of their own is shown once, by its screen', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vd-map-'));
  writeDeviceTree(folder, computers['split card']);
  const { pci } = await createHostDevices(folder).facts();
  rmSync(folder, { recursive: true });
  const found = groupViews({ pci, groups: deviceGroups({ pci }) }, []);
  expect(found.map(({ group, devices }) => [group.id, devices.map(({ address }) => address)])).toEqual([
    ['0000:00:02.0', ['0000:00:02.0']],
    ['0000:01:00.0', ['0000:01:00.0', '0000:01:00.1', '0000:01:00.2']],
  ]);
});

test('what this computer lives on is not offered', () => {
  expect(views.filter((view) => !canBePrepared(view)).map(({ group }) => group.id)).toEqual(
    expect.arrayContaining(['0000:00:02.0', '0000:03:00.0']),
  );
});

test.each<readonly [Partial<DeviceFilter>, readonly string[]]>([
  [{ kinds: ['display'] }, ['0000:00:02.0', '0000:01:00.0']],
  [{ kinds: ['display'], verdicts: ['takesOthers'] }, ['0000:01:00.0']],
  [{ text: 'TESLA 10de' }, ['0000:01:00.0']],
  // Words of any device of the group.
  [{ text: 'snd_hda_intel nouveau' }, ['0000:01:00.0']],
  [{ text: 'nothing of this' }, []],
])('%j shows %j', (filter, ids) => {
  expect(shown(filter)).toEqual(ids);
});
