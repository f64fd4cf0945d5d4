// Owns the proof that an ordinary user hands a device to a machine and takes it back: what needs root the privileged program does, and QEMU is the user's.
import { expect, test } from 'vitest';
import { runInLab } from './run-in-lab.ts';
import { shortStoryResults } from './short-story.ts';

test('a user without rights, the privileged program, a device of its own, locked memory', async () => {
  const began = performance.now();
  const run = await runInLab({
    program: new URL('programs/passthrough-user.ts', import.meta.url),
    memoryMiB: 2048,
    iommu: 'intel',
    devices: ['nic', 'edu'],
    modules: ['e1000e'],
    // Of fixed speed: on a busy computer the kernel mistakes how fast the emulated TSC is, and trials would end too early.
    kernelArguments: 'clocksource=acpi_pm',
    timeoutMs: 400_000,
    onResult: (value) => console.log(`${((performance.now() - began) / 1000).toFixed(0)} s ${Object.keys(value as object).join(' ')}`),
  });
  const [before, after] = [shortStoryResults.slice(0, 4), shortStoryResults.slice(4)];
  expect(run.results).toEqual([
    ...before,
    {
      uids: ['4242', '4242', '4242', '4242'],
      capabilities: ['0000000000000000'],
      // All of its 64 MiB, but for the window of its firmware.
      locksMiB: 63,
      owners: [4242, 4242],
    },
    ...after,
    {
      done: ['vfio-bind', 'vfio-bind', 'vfio-keep', 'vfio-bind', 'vfio-keep', 'memlock', 'vfio-unbind', 'vfio-unbind'],
      left: [],
    },
  ]);
});
