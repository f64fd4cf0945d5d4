// Owns the proof that the lab is what it says: our Node and this checkout run in it, and it has what this computer lacks.
// Must not test the product; the other files here do.
import { expect, test } from 'vitest';
import { runInLab } from './run-in-lab.ts';

test('two NUMA nodes with huge pages, threads, an IOMMU, cgroup v2 and VLAN bridges, and QEMU answers inside', async () => {
  const run = await runInLab({
    program: new URL('programs/surroundings.ts', import.meta.url),
    input: { greeting: "it's me" },
    numaNodes: 2,
    processor: { cores: 1, threads: 2 },
    iommu: 'intel',
    devices: ['edu', 'nic'],
    hugePages2MiB: [8, 16],
    modules: ['bridge'],
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
  ]);
});

test('a program that fails says so with its own words', async () => {
  const program = new URL('programs/failing.ts', import.meta.url);
  await expect(runInLab({ program, memoryMiB: 768 })).rejects.toThrow('the program failed on purpose');
});
