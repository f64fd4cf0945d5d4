// Owns the proof that a machine's threads and memory stay in the node it was given, and that its own cores are its own.
import { expect, test } from 'vitest';
import { runInLab } from './run-in-lab.ts';

test('two memory nodes are two Nodes, and machines are bound to them', async () => {
  const run = await runInLab({
    program: new URL('programs/placement.ts', import.meta.url),
    memoryMiB: 3072,
    numaNodes: 2,
    processor: { cores: 3, threads: 2 },
    hugePages2MiB: [16, 64],
    kernelArguments: 'isolcpus=10-11',
    timeoutMs: 400_000,
  });
  console.log(`lab: done after ${run.seconds.total.toFixed(0)} s`);
  expect(run.results).toEqual([
    {
      nodes: [
        { name: expect.stringMatching(/-numa0$/), numa: '0', hostname: expect.any(String), cpu: '4', pages: '32Mi' },
        { name: expect.stringMatching(/-numa1$/), numa: '1', hostname: expect.any(String), cpu: '6', pages: '128Mi', isolated: '10-11' },
      ],
    },
    // Its pages come from node 1 alone, and so do the processors of all its threads, without those that were isolated at boot.
    { near: ['6-9'], memory: 'bind:1 N1=32', free: [16, 32] },
    // Two threads of the isolated core for the guest, another core for QEMU itself; the neighbour has moved to what is left.
    { own: { vcpus: ['10', '11'], others: ['6-7'] }, near: ['8-9'] },
    // The last core stays for those who share.
    { more: expect.stringMatching(/Node \S+-numa1 has 1 of 3 cores free .* a core must stay for the machines that share/) },
  ]);
});
