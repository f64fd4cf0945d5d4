// Owns the proof of what a running machine is said to have of this computer's devices.
// Must not render anything.
import { expect, test } from 'vitest';
import { annotations } from '../../../electron/api/annotations.ts';
import { hostDeviceStates } from '../../../renderer/features/machines/host-device-states.ts';
import { storedVm, storedVmi } from './machines.ts';

const held = '{"gpu1":["0000:01:00.0","0000:01:00.1"],"key":["1-2","usb 1-2"]}';

function run(phase: 'Running' | 'Succeeded') {
  const vmi = storedVmi(storedVm('web'), { phase });
  return { ...vmi, metadata: { ...vmi.metadata, annotations: { [annotations.hostDevices]: held } } };
}

test('what it has, what it waits for, and what it has not let go of', () => {
  expect(hostDeviceStates(['gpu1', 'stick'], run('Running'))).toEqual([
    { id: 'plugged', name: 'gpu1', addresses: ['0000:01:00.0', '0000:01:00.1'] },
    { id: 'waiting', name: 'stick' },
    { id: 'releasing', name: 'key', addresses: ['1-2'] },
  ]);
});

test('one that does not run has nothing', () => {
  expect(hostDeviceStates(['gpu1'], run('Succeeded'))).toEqual([]);
  expect(hostDeviceStates(['gpu1'], undefined)).toEqual([]);
});
