// Owns the proof that every refusal of a device is recognised in the words of the QEMU and kernel that are there, with the field of the machine.
// Must not repeat recorded texts; test/host/qemu has them.
import { expect, test } from 'vitest';
import { runInLab } from './run-in-lab.ts';

test('not bound, not there, a group that is not viable, not ours, in use, too little locked memory', async () => {
  const { results } = await runInLab({
    program: new URL('programs/vfio-errors.ts', import.meta.url),
    iommu: 'intel',
    devices: ['nic', 'sharedGroup'],
    modules: ['e1000e', 'e1000'],
    timeoutMs: 400_000,
  });
  const told = (reason: string): object => ({
    reason,
    field: 'spec.domain.devices.hostDevices[0]',
    message: expect.stringMatching(/^[A-Z0-9].*\.$/),
  });
  expect(results).toEqual([
    { notBound: told('HostDeviceNotBound') },
    { missing: told('HostDeviceMissing') },
    { notViable: told('GroupNotViable') },
    { denied: told('HostDeviceDenied') },
    { lockShort: told('MemlockShort') },
    // An abort names no argument.
    { screenShort: expect.objectContaining({ reason: 'MemlockShort' }) },
    { inUse: told('HostDeviceInUse') },
    { overrides: ['vfio-pci', 'vfio-pci'] },
  ]);
});
