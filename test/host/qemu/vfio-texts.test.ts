// Owns the proof that what QEMU 7.2 says of devices of this computer is recognised: texts as they were seen, the field of the machine, a fix.
// Must not start QEMU.
import { expect, test } from 'vitest';
import type { Argument } from '../../../electron/core/qemu/launch-plan.ts';
import { AppError } from '../../../electron/api/errors.ts';
import { earlyExitError } from '../../../electron/host/qemu/early-exit.ts';
import { explained } from '../../../electron/host/qemu/explained.ts';

const device = { driver: 'vfio-pci', id: 'host-nic', host: '0000:01:00.0' };
const field = 'spec.domain.devices.hostDevices[0]';
const args: readonly Argument[] = [{ flag: '-device', value: device, field }];
const head = `qemu-system-x86_64: -device ${JSON.stringify(device)}: `;

test.each([
  ['HostDeviceNotBound', 'vfio 0000:01:00.0: failed to open /dev/vfio/14: No such file or directory'],
  ['HostDeviceDenied', 'vfio 0000:01:00.0: failed to open /dev/vfio/14: Permission denied'],
  ['HostDeviceInUse', 'vfio 0000:01:00.0: failed to open /dev/vfio/14: Device or resource busy'],
  [
    'GroupNotViable',
    'vfio 0000:01:00.0: group 10 is not viable\nPlease ensure all devices within the iommu_group are bound to their vfio bus driver.',
  ],
  ['HostDeviceMissing', 'vfio /sys/bus/pci/devices/0000:01:00.0: no such host device: No such file or directory'],
  [
    'MemlockShort',
    'vfio 0000:01:00.0: failed to setup container for group 14: memory listener initialization failed: Region pc.ram: ' +
      'vfio_dma_map(0x55, 0x0, 0x8000000, 0x7f) = -12 (Cannot allocate memory)',
  ],
  ['NoIommu', 'vfio 0000:01:00.0: no iommu_group found: No such file or directory'],
  [
    'NoInterruptRemapping',
    'vfio 0000:01:00.0: failed to setup container for group 14: Failed to set iommu for container: Operation not permitted',
  ],
])('%s', (reason, text) => {
  const [cause] = earlyExitError(`${head}${text}\n`, { code: 1, signal: null }, args).causes;
  expect([cause?.reason, cause?.field]).toEqual([reason, field]);
  expect(cause?.fix).toBeTruthy();
  expect(cause?.message).not.toContain('/sys/');
});

test('an abort for want of locked memory, after the firmware showed its screen', () => {
  const stderr = 'qemu: hardware error: vfio: DMA mapping failed, unable to continue\n';
  expect(earlyExitError(stderr, { code: null, signal: 'SIGABRT' }, args).causes[0]?.reason).toBe('MemlockShort');
});

test('a device that is refused while the machine runs is explained as at its start; what is not known stays as it is', async () => {
  const refused = (text: string): Promise<never> => Promise.reject(new AppError('QmpFailed', `QEMU refused device_add: ${text}`));
  const known = refused('vfio 0000:01:00.0: failed to open /dev/vfio/14: Device or resource busy');
  await expect(explained('device_add', known)).rejects.toMatchObject({
    code: 'QmpFailed',
    causes: [{ reason: 'HostDeviceInUse', message: 'Another machine or program has the IOMMU group of 0000:01:00.0.' }],
  });
  await expect(explained('device_add', refused('odd'))).rejects.toMatchObject({ causes: [] });
});
