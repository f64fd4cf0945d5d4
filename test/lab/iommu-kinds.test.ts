// Owns the proof of devices on computers that are not Intel's with everything on: another IOMMU, none, one that is off, one that does not remap interrupts.
// Must not repeat the whole story; passthrough.test.ts has it.
import { describe, expect, test } from 'vitest';
import { newerKernelUnreachable } from './lab-kernel.ts';
import type { LabIommu } from './lab-options.ts';
import { runInLab, type LabRun, type LabTask } from './run-in-lab.ts';
import { shortStoryResults, shortStoryWith } from './short-story.ts';

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

const noVirtio = await newerKernelUnreachable();

describe.skipIf(noVirtio !== undefined)(`a paravirtual IOMMU, under a newer kernel${noVirtio === undefined ? '' : `: ${noVirtio}`}`, () => {
  test('remaps no interrupts: once that is allowed on the kernel line, a guest drives a device by DMA through it', async () => {
    const { results } = await lab('passthrough-short', 'virtio', {
      kernel: 'backports',
      memoryMiB: 2048,
      // It groups a device when a driver takes it, and this one has none of its own.
      modules: ['e1000e', 'pci-stub'],
      kernelArguments: 'clocksource=acpi_pm vfio_iommu_type1.allow_unsafe_interrupts=1 pci-stub.ids=1234:11e8',
    });
    expect(results).toEqual(shortStoryWith('pci-stub'));
  });
});

test("Intel's without interrupt remapping: the reason before the start and at it, a warning where it is allowed", async () => {
  const { results } = await lab('passthrough-unmapped', 'unmapped');
  const refused = cause('NoInterruptRemapping');
  const words = 'Interrupts of devices are not remapped: the kernel refuses to pass devices through.';
  expect(results).toEqual([
    {
      check: expect.stringMatching(`^error: ${words} .*allow_unsafe_interrupts=1 .*which lets a guest forge interrupts`),
      causes: [refused],
    },
    { driver: 'vfio-pci', offers: '0', causes: [refused] },
    // No words of QEMU: it was not started.
    { refused: { phase: expect.stringMatching(/^(Pending|Scheduling)$/), message: expect.stringContaining(words) } },
    {
      check: expect.stringMatching(/^warning: Interrupts are not remapped, and unsafe interrupts are allowed\./),
      causes: [],
      unsafe: [expect.stringMatching(/hostDevices\[0\] A guest that is not trusted could forge interrupts/)],
    },
    { guest: ['00.0 8086:10d3'] },
    { driver: 'e1000e' },
  ]);
});

test("Intel's that the kernel was told to leave off: which word does it, and where it stands", async () => {
  const off = 'intel_iommu=off';
  const { results } = await lab('passthrough-refused', 'untold', {
    input: { grub: `GRUB_CMDLINE_LINUX_DEFAULT="quiet ${off}"\n` },
    kernelArguments: `clocksource=acpi_pm ${off}`,
  });
  expect(results).toEqual([
    {
      failing: [`The kernel was told ${off}. Take ${off} off the kernel command line.`],
      verdict: 'noIommu',
      kernel: ['The kernel is told intel_iommu=on.'],
      stops: [`Take ${off} out of /etc/default/grub yourself.`],
      causes: [cause('NoIommu')],
    },
    { trial: expect.stringContaining(`cannot be tried: The kernel was told ${off}.`), driver: 'e1000e' },
  ]);
});

test("Intel's that nobody told the kernel of: Debian's uses it by itself, and no argument is asked for", async () => {
  const { results } = await lab('passthrough-refused', 'untold');
  expect(results).toEqual([
    { failing: [], verdict: 'safe', kernel: [], stops: [], causes: [cause('NotBound')] },
    { trial: 'was not refused', driver: 'vfio-pci' },
  ]);
});

test('without an IOMMU nothing is bound, and every reason is told before', async () => {
  const { results } = await lab('passthrough-refused', 'none');
  expect(results).toEqual([
    {
      failing: [
        expect.stringMatching(/^The firmware tells of no IOMMU\. Switch VT-d on /),
        expect.stringMatching(/^The kernel does not use an IOMMU\./),
      ],
      verdict: 'noIommu',
      kernel: ['The kernel is told intel_iommu=on.'],
      stops: [],
      causes: [cause('NoIommu')],
    },
    { trial: expect.stringContaining('cannot be tried: The firmware tells of no IOMMU.'), driver: 'e1000e' },
  ]);
});
