// Owns the proof of the chapter's example of overcommit (8.14.7), at a scale: eight guests on a computer that has memory for six.
// Must not say that guests use it all: they are held before their first instruction, so that what is counted is what is set aside.
import { expect, test } from 'vitest';
import { runInLab } from './run-in-lab.ts';

/** The chapter has eight machines of 4 GB on a computer of 32 GB; a sixteenth of that fits into the lab, and half of its memory is kept for it. */
const input = { machines: 8, guestMiB: 256, requestMiB: 190 };

test('eight guests that are promised less than they are told run where six that are promised all do, and the kernel ends them in the order that is told', async () => {
  const run = await runInLab({ program: new URL('programs/overcommit.ts', import.meta.url), input, memoryMiB: 3328, timeoutMs: 600_000 });
  console.log(`lab: done after ${run.seconds.total.toFixed(0)} s: ${JSON.stringify(run.results.at(-1))}`);
  const [{ allocatable }, { whole }, { lent }, memory, order] = run.results as [
    { readonly allocatable: string },
    { readonly whole: { readonly running: number; readonly refused: readonly string[] } },
    { readonly lent: { readonly running: number; readonly refused: readonly string[] } },
    unknown,
    unknown,
  ];
  const allocatableMiB = Number(/^(\d+)Mi$/.exec(allocatable)?.[1] ?? Number(/^(\d+)Ki$/.exec(allocatable)?.[1] ?? 0) / 1024);
  expect(whole.running).toBe(Math.floor(allocatableMiB / input.guestMiB));
  expect(whole.running).toBeLessThan(input.machines);
  expect(whole.refused).toEqual([expect.stringMatching(/^InsufficientResource: Node .* of memory left .*; the machine needs 256 MiB/)]);
  expect(lent).toEqual({ running: input.machines, refused: [expect.stringContaining('InsufficientResource')] });
  const missing = 1 - input.requestMiB / input.guestMiB;
  expect(memory).toEqual({
    told: input.machines * input.guestMiB,
    promised: input.machines * input.requestMiB,
    reasons: ['Overcommitted'],
    adjusted: Array.from({ length: input.machines }, () => Math.round(250 + 650 * missing)),
  });
  // What is told is what happens.
  const message = expect.stringMatching(
    /^The kernel ended QEMU because the control group \/virtdeck, which is not the machine's own, reached its memory limit\. It had used up to \d+ MiB\.$/,
  );
  const end = { reason: 'OutOfMemory', message };
  expect(order).toEqual({
    told: [
      ['lent-1', 'Overcommitted'],
      ['bare', 'OverheadLeftOut'],
      ['kept', 'Promised'],
    ],
    ended: ['lent-1', 'bare', 'kept'].map((name) => ({ name, ...end })),
  });
});
