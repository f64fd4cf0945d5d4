// Owns where vCPUs, I/O threads and QEMU's own belong, and the ledger that their processors come from.
// Must not move a thread.
import { describe, expect, test } from 'vitest';
import { giveCores } from '../../../electron/core/placement/cores.ts';
import { realtimeMask, threadPlaces } from '../../../electron/core/placement/thread-places.ts';
import { machine } from '../qemu/machines.ts';

const own = { vcpus: [2, 3, 4, 5] };
const withThreads = (policy: string, disks: number, more: object = {}) =>
  machine({
    domain: { ioThreadsPolicy: policy, cpu: { cores: 4, dedicatedCpuPlacement: true, ...more } },
    devices: {
      disks: Array.from({ length: disks }, (_, index) => ({ name: `d${index}`, disk: {}, dedicatedIOThread: policy === 'auto' })),
    },
  });

describe('threads', () => {
  test.each([
    { name: 'who shares', vmi: machine(), given: { shared: [0, 1] }, want: { cpus: [0, 1] } },
    { name: 'who shares, on a computer where nobody is bound', vmi: machine(), given: {}, want: {} },
    { name: 'without I/O threads', vmi: machine(), given: { own, shared: [0, 1] }, want: { vcpus: own.vcpus, cpus: [0, 1] } },
    {
      name: 'one I/O thread has all of the vCPUs',
      vmi: withThreads('shared', 2),
      given: { own, shared: [0] },
      want: { vcpus: own.vcpus, cpus: [0], ioThreads: { iothread0: [2, 3, 4, 5] } },
    },
    {
      name: 'three share four out evenly',
      vmi: withThreads('auto', 3),
      given: { own, shared: [0] },
      want: { vcpus: own.vcpus, cpus: [0], ioThreads: { iothread0: [2, 3], iothread1: [4], iothread2: [5] } },
    },
    {
      name: 'beside the isolated emulator',
      vmi: withThreads('shared', 1),
      given: { own: { ...own, emulator: [6, 7] }, shared: [0] },
      want: { vcpus: own.vcpus, cpus: [6, 7], ioThreads: { iothread0: [6, 7] } },
    },
    {
      name: 'real time, without the first',
      vmi: withThreads('', 0, { realtime: { mask: '0-3,^0' } }),
      given: { own },
      want: { vcpus: own.vcpus, realtime: [1, 2, 3] },
    },
  ])('$name', ({ vmi, given, want }) => {
    expect(threadPlaces(vmi, given)).toEqual(want);
  });

  test.each([
    ['0-3,^1', [0, 2, 3]],
    ['^1,0-2', [0, 2]],
    ['5', [5]],
    ['', undefined],
    ['0-', undefined],
    ['a', undefined],
  ])('the mask %j', (mask, want) => {
    expect(realtimeMask(mask)).toEqual(want);
  });
});

const domain = {
  name: 'n',
  part: '',
  cpus: [0, 1, 2, 3, 4, 5, 6, 7],
  cores: [
    [0, 1],
    [2, 3],
    [4, 5],
    [6, 7],
  ],
  reservedCpus: [0, 1],
  isolatedCpus: [],
  memoryNodes: [],
  memoryMiB: 1024,
  reservedMiB: 0,
  hugePages: [],
  devices: [],
  labels: {},
};
const asked = { vcpus: 2, threads: 1, ioThreads: 0, isolateEmulator: false, hasNeighbours: true };

describe('cores', () => {
  test.each([
    { name: 'one core', ask: {}, want: { vcpus: [2, 3] } },
    { name: 'a vCPU leaves a thread of its core empty', ask: { vcpus: 1 }, want: { vcpus: [2], spare: [3] } },
    { name: 'I/O threads have a core of their own', ask: { ioThreads: 1 }, want: { vcpus: [2, 3], ioThreads: [4], spare: [5] } },
    {
      name: 'I/O threads and QEMU itself',
      ask: { ioThreads: 2, isolateEmulator: true },
      want: { vcpus: [2, 3], ioThreads: [4, 5], emulator: [6, 7] },
    },
  ])('$name', ({ ask, want }) => {
    expect(giveCores(domain, new Map(), { ...asked, ...ask })).toEqual({ ok: true, cpus: want });
  });

  test('what is short is told with every part', () => {
    const answer = giveCores(domain, new Map(), { ...asked, ioThreads: 3, isolateEmulator: true });
    expect(answer.ok ? '' : answer.cause.message).toContain('2 vCPUs, 3 I/O threads and a core for QEMU itself are asked for');
  });
});
