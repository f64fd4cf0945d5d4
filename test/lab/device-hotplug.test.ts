// Owns the proof that devices of this computer come and go while machines run: one guest drives what it is given, another has no answer and holds nobody up.
// Must not repeat what is refused; core's tables have it.
import { expect, test } from 'vitest';
import { runInLab } from './run-in-lab.ts';

test('a card, one of two functions, and a USB device are plugged into machines that run, and out of them', async () => {
  const began = performance.now();
  const run = await runInLab({
    program: new URL('programs/device-hotplug.ts', import.meta.url),
    memoryMiB: 2048,
    iommu: 'intel',
    devices: ['edu', 'usbKeyboard', 'gpuWithAudio'],
    modules: ['xhci-pci'],
    // Of fixed speed: on a busy computer the kernel mistakes how fast the emulated TSC is, and trials would end too early.
    kernelArguments: 'clocksource=acpi_pm',
    timeoutMs: 500_000,
    onResult: (value) => console.log(`${((performance.now() - began) / 1000).toFixed(0)} s ${Object.keys(value as object).join(' ')}`),
  });
  console.log(`lab: done after ${run.seconds.total.toFixed(0)} s`);
  expect(run.results).toEqual([
    { isIt: true },
    { waiting: expect.stringContaining('in use by the machine default/silent.'), usb: [2, 1] },
    {
      kept: expect.stringContaining('The guest has not let go of the device edu within 30 s: it is still in the guest'),
      still: 1,
      // 64 MiB of the guest, and 64 beside them.
      raised: true,
      lockLimitMiB: 128,
      events: ['FailedHostDeviceUnplug', 'HostDevicePlugged'],
    },
    { came: 'CAME 1234:11e8', edu: 'EDU 10!=00375f00 DMA OK', taken: expect.stringContaining('in use by the machine default/watching') },
    {
      went: 'WENT',
      usb: [],
      events: ['FailedHostDevicePlug', 'HostDevicePlugged', 'HostDeviceUnplugged'],
    },
    { returned: null },
    { came: 'CAME 1234:1111 8086:293e', held: ['0', '1'], free: ['vfio-pci', 'vfio-pci'], returned: [null, null] },
  ]);
});
