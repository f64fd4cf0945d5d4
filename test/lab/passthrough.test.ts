// Owns the proof that devices of this computer reach a guest and come back: by the API, through the privileged program, VFIO and a real IOMMU.
// Must not repeat the program's own verbs; vfio-verbs.test.ts has them.
import { expect, test } from 'vitest';
import { runInLab } from './run-in-lab.ts';

const names = ['gpus[0]', 'hostDevices[0]', 'hostDevices[1]'];
const causes = (reason: string): readonly string[] => names.map((name) => `${reason} spec.template.spec.domain.devices.${name}.deviceName`);
// The display has no driver here: with one its only connector would be lit, and the computer's own.
const own = ['e1000e', null, 'snd_hda_intel', null];
const vfio = ['vfio-pci', 'vfio-pci', 'vfio-pci', 'vfio-pci'];

test('inventory, allow list, a trial that ends, a machine that sees its devices and drives one by DMA, and all back', async () => {
  const began = performance.now();
  const run = await runInLab({
    program: new URL('programs/passthrough.ts', import.meta.url),
    memoryMiB: 2048,
    iommu: 'intel',
    devices: ['nic', 'gpuWithAudio', 'edu'],
    modules: ['e1000e', 'snd-hda-intel'],
    // Of fixed speed: on a busy computer the kernel mistakes how fast the emulated TSC is, and trials would end too early.
    kernelArguments: 'clocksource=acpi_pm',
    timeoutMs: 400_000,
    onResult: (value) => console.log(`${((performance.now() - began) / 1000).toFixed(0)} s ${Object.keys(value as object).join(' ')}`),
  });
  console.log(`lab: done after ${run.seconds.total.toFixed(0)} s`);
  expect(run.results).toEqual([
    { verdicts: ['safe', 'takesOthers', 'cannotBeReset'], drivers: own, failing: [] },
    { unknown: causes('HostDeviceNotPermitted'), offers: '- - -' },
    { permitted: '0 0 0', unbound: causes('NotBound') },
    { trial: 2, during: ['e1000e', 'vfio-pci', 'vfio-pci', null], offers: '0 1 0' },
    { after: own, counted: true, offers: '0 0 0' },
    { kept: vfio, offers: '1 1 1', ready: [] },
    {
      given: { gpu: 2, nic: [expect.stringMatching(/^0000:/)], edu: [expect.stringMatching(/^0000:/)] },
      taken: expect.stringContaining('in use by the machine default/scanner'),
      driver: 'vfio-pci',
    },
    { guest: ['00.0 1234:1111', '00.1 8086:293e', '00.0 8086:10d3', '00.0 1234:11e8'], edu: 'EDU 10!=00375f00 DMA OK' },
    { returned: own, offers: '0 0 0', files: [] },
    { forbidden: causes('HostDeviceNotPermitted') },
  ]);
});
