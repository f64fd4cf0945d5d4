// Owns the proof that the lab is what it says, and that a device of a computer reaches a guest in it and comes back: what `npm test` runs.
// Must not tell whole stories; the other files here do.
import { expect, test } from 'vitest';
import { runInLab } from './run-in-lab.ts';
import { shortStoryResults } from './short-story.ts';

test('two NUMA nodes with huge pages, threads, an IOMMU, cgroup v2 and VLAN bridges; a device goes to a guest and comes back', async () => {
  const began = performance.now();
  const run = await runInLab({
    program: new URL('programs/smoke.ts', import.meta.url),
    input: { greeting: "it's me" },
    numaNodes: 2,
    processor: { cores: 1, threads: 2 },
    iommu: 'intel',
    devices: ['edu', 'nic'],
    hugePages2MiB: [8, 16],
    memoryMiB: 2048,
    timeoutMs: 400_000,
    modules: ['bridge', 'e1000e'],
    // Of fixed speed: on a busy computer the kernel mistakes how fast the emulated TSC is, and trials would end too early.
    kernelArguments: 'clocksource=acpi_pm',
    onResult: (value) => console.log(`${((performance.now() - began) / 1000).toFixed(0)} s ${Object.keys(value as object).join(' ')}`),
  });
  console.log(`lab: program after ${run.seconds.untilProgram.toFixed(1)} s, done after ${run.seconds.total.toFixed(1)} s`);
  expect(run.results).toEqual([
    {
      input: { greeting: "it's me" },
      cgroup: expect.arrayContaining(['cpuset', 'cpu', 'memory', 'io', 'pids']),
      groups: expect.toSatisfy((count: number) => count > 5),
      nodes: 2,
      siblings: '0-1',
      hugePages: [8, 16],
    },
    { vlans: [expect.objectContaining({ ifname: 'br1', vlans: expect.arrayContaining([expect.objectContaining({ vlan: 10 })]) })] },
    { qemu: expect.any(Number), accelerator: 'tcg' },
    ...shortStoryResults,
  ]);
});

test('a program that fails says so with its own words', async () => {
  const program = new URL('programs/failing.ts', import.meta.url);
  await expect(runInLab({ program, memoryMiB: 768 })).rejects.toThrow('the program failed on purpose');
});
