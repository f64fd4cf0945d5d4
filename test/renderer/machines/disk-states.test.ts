// Owns what the window makes of a run's rows, and the request that plugs a disk in.
import { expect, test } from 'vitest';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { pluggedDisk } from '../../../renderer/features/machines/disk-edits.ts';
import { diskState, isPluggable, leavingDisks, ownDisks } from '../../../renderer/features/machines/disk-states.ts';
import { registriesIn } from '../../../renderer/features/settings/registries-in.ts';

const run = (row: object): VirtualMachineInstance =>
  ({ status: { volumeStatus: [{ name: 'data', target: 'sda', ...row }] } }) as unknown as VirtualMachineInstance;

test.each([
  ['no row of it', { name: 'other' }, undefined],
  ['there from the start', {}, undefined],
  ['pulled', { reason: 'Pulled', message: 'a@sha256:1' }, undefined],
  ['pulling', { phase: 'Pending', reason: 'Pulling', message: '34 %' }, { id: 'pulling', message: '34 %' }],
  ['waiting', { hotplugVolume: {}, phase: 'Pending', reason: 'VolumePending', message: 'm' }, { id: 'waiting', message: 'm' }],
  ['on its way', { hotplugVolume: {}, phase: 'MountedToPod', reason: 'VolumeMountedToPod', message: 'm' }, { id: 'waiting', message: 'm' }],
  ['refused', { hotplugVolume: {}, phase: 'Pending', reason: 'FailedAttach', message: 'in use' }, { id: 'refused', message: 'in use' }],
  ['plugged', { hotplugVolume: {}, phase: 'Ready', reason: 'VolumeReady', message: 'm' }, { id: 'plugged' }],
  ['leaving', { hotplugVolume: {}, phase: 'Detaching', message: 'm' }, { id: 'releasing', message: 'm' }],
])('a disk: %s', (_title, row, want) => {
  expect(diskState(run(row), 'data')).toEqual(want);
});

test('what only the run has is told apart', () => {
  expect([
    ownDisks(run({ hotplugVolume: {} }), ['root']),
    ownDisks(run({ hotplugVolume: {} }), ['data']),
    ownDisks(run({}), []),
    ownDisks(undefined, []),
  ]).toEqual([['data'], [], [], []]);
  expect([
    isPluggable({ name: 'a', dataVolume: { name: 'a', hotpluggable: true } }),
    isPluggable({ name: 'a', dataVolume: { name: 'a' } }),
  ]).toEqual([true, false]);
});

test('a plugged disk is named like one that is added at rest', () => {
  const vm = { spec: { template: { spec: { domain: { devices: { disks: [{ name: 'my-data' }] } } } } } } as unknown as VirtualMachine;
  expect(pluggedDisk(vm, { source: 'my.data', isDataVolume: true, device: 'disk', bus: 'scsi' })).toEqual({
    name: 'my-data-2',
    bus: 'scsi',
    source: { dataVolume: { name: 'my.data' } },
  });
});

test('registries are read one a line, each once, and what is none is named', () => {
  expect(registriesIn(' localhost:5000\n10.0.0.1, localhost:5000\n')).toEqual({ names: ['localhost:5000', '10.0.0.1'], wrong: [] });
  expect(registriesIn('http://a/b').wrong).toEqual(['http://a/b']);
});

test('what the guest has not let go of stays in the list', () => {
  const leaving = run({ hotplugVolume: {}, phase: 'Detaching', persistentVolumeClaimInfo: { claimName: 'data-claim' } });
  const named = { ...leaving, spec: { volumes: [] } } as unknown as VirtualMachineInstance;
  expect(leavingDisks(named)).toEqual([
    { name: 'data', device: 'disk', readOnly: false, source: 'persistentVolumeClaim', sourceName: 'data-claim' },
  ]);
  const kept = { ...leaving, spec: { volumes: [{ name: 'data' }] } } as unknown as VirtualMachineInstance;
  expect([leavingDisks(kept), leavingDisks(undefined)]).toEqual([[], []]);
});
