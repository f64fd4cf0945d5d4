// Owns the proof that dedicated resources are what they say: every thread on its own processors, real time first, and no noise heard.
// Must not measure work done: outside, all these processors share the few of this computer. Processor time inside is what the kernel there gives.
import { expect, test } from 'vitest';
import { runInLab } from './run-in-lab.ts';

test('a machine with cores of its own: each thread in its place, a spinning neighbour is not heard, and a thread that was moved comes back', async () => {
  const run = await runInLab({
    program: new URL('programs/dedicated.ts', import.meta.url),
    memoryMiB: 3072,
    numaNodes: 2,
    processor: { cores: 3, threads: 2 },
    hugePages2MiB: [0, 40],
    timeoutMs: 560_000,
  });
  const [prompt, quiet, drift] = run.results as readonly [
    unknown,
    { readonly alone: number; readonly beside: number; readonly loudest: number },
    unknown,
  ];
  expect(prompt).toEqual({
    // The two threads of one core, the one of the mask as SCHED_FIFO; a core for the I/O thread, and one for QEMU itself.
    vcpus: ['6 policy 1', '7 policy 0'],
    ioThread: ['8 policy 0'],
    others: ['10-11 policy 0'],
    smp: expect.stringMatching(/sockets=1.*cores=1,threads=2/),
    numa: [
      'node,nodeid=0,memdev=ram-node0',
      'cpu,node-id=0,socket-id=0,core-id=0,thread-id=0',
      'cpu,node-id=0,socket-id=0,core-id=0,thread-id=1',
    ],
    memory: ['bind:1 N1=32'],
  });
  // Three machines that spin have two processors: each runs two thirds of its time. The one with cores of its own does not notice.
  expect(quiet).toMatchObject({ own: { vcpus: ['6', '7'], others: ['8-9'] }, noise: ['10-11', '10-11', '10-11'] });
  const { alone, beside, loudest } = quiet;
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  console.log(
    `lab: done after ${run.seconds.total.toFixed(0)} s; with cores of its own it ran ${percent(alone)} of the time alone and ` +
      `${percent(beside)} beside three that spin (ratio ${(beside / alone).toFixed(3)}), which ran ${percent(loudest)} at most`,
  );
  expect(beside / alone).toBeGreaterThan(0.9);
  expect(loudest).toBeLessThan(0.8);
  expect(drift).toEqual({
    moved: '10',
    back: '6',
    told: expect.stringMatching(/^1 thread was found on other processors and moved back to 6-7/),
  });
});
