// Owns the proof of devices on computers that are not Intel's with everything on: another IOMMU, or none.
// Must not repeat the whole story; passthrough.test.ts has it.
import { expect, test } from 'vitest';
import type { LabIommu } from './lab-options.ts';
import { runInLab, type LabRun, type LabTask } from './run-in-lab.ts';
import { shortStoryResults } from './short-story.ts';

function lab(name: string, iommu: LabIommu, more: Partial<LabTask> = {}): Promise<LabRun> {
  return runInLab({
    program: new URL(`programs/${name}.ts`, import.meta.url),
    iommu,
    devices: ['nic', 'edu'],
    modules: ['e1000e'],
    // Of fixed speed: on a busy computer the kernel mistakes how fast the emulated TSC is, and trials would end too early.
    kernelArguments: 'clocksource=acpi_pm',
    timeoutMs: 400_000,
    ...more,
  });
}

const cause = (reason: string): string => `${reason} spec.template.spec.domain.devices.hostDevices[0].deviceName`;

test("AMD's IOMMU needs no kernel argument, and a guest drives a device by DMA through it", async () => {
  const { results } = await lab('passthrough-short', 'amd', { memoryMiB: 2048 });
  expect(results).toEqual(shortStoryResults);
});

test('without an IOMMU nothing is bound, and every reason is told before', async () => {
  const { results } = await lab('passthrough-refused', 'none');
  expect(results).toEqual([
    {
      failing: [
        expect.stringMatching(/^The firmware tells of no IOMMU\. Switch VT-d on /),
        expect.stringMatching(/^The kernel does not use an IOMMU\./),
      ],
      verdict: expect.any(String),
      kernel: ['The kernel is told intel_iommu=on.'],
      causes: [cause('NoIommu')],
    },
    { trial: expect.stringContaining('cannot be tried: The firmware tells of no IOMMU.'), driver: 'e1000e' },
  ]);
});
