// Owns the proof of the arithmetic of usage, on this very process.
// Must not assert absolute times.
import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../electron/api/object.ts';
import { processStat } from '../../../electron/host/proc.ts';
import type { NetBytes } from '../../../electron/host/qemu/tap-counters.ts';
import { usageMeter } from '../../../electron/host/qemu/usage.ts';

async function meterOf(
  answers: Record<string, Json>,
  interfaces: () => Json | undefined = () => undefined,
  tapBytes: () => NetBytes | undefined = () => undefined,
) {
  const asked: JsonObject[] = [];
  const timers: (() => void)[] = [];
  let now = 1_000_000;
  const startTicks = (await processStat(process.pid))?.startTicks ?? 0;
  const meter = usageMeter({
    process: { pid: process.pid, startTicks },
    clock: {
      now: () => now,
      after: (_ms, work) => {
        timers.push(work);
        return () => void timers.splice(timers.indexOf(work), 1);
      },
    },
    qmp: (execute, args) => {
      asked.push({ execute, ...args });
      return Promise.resolve(answers[execute] ?? null);
    },
    guestInterfaces: () => Promise.resolve(interfaces()),
    tapBytes: () => Promise.resolve(tapBytes()),
  });
  return { meter, asked, timers, advance: (ms: number) => (now += ms) };
}

const blocks = (read: number, written: number): Json => [
  { stats: { rd_bytes: read, wr_bytes: written } },
  { stats: { rd_bytes: 1_000, wr_bytes: 0 } },
];

test('two calls make rates over the time between them', async () => {
  const answers: Record<string, Json> = { 'query-blockstats': blocks(0, 0), 'qom-list': [] };
  let received = 5_000;
  const { meter, advance } = await meterOf(answers, () => [
    { name: 'lo', statistics: { 'rx-bytes': 9e9, 'tx-bytes': 9e9 } },
    { name: 'eth0', statistics: { 'rx-bytes': received, 'tx-bytes': 0 } },
  ]);
  const first = await meter();
  answers['query-blockstats'] = blocks(4_000, 2_000);
  received = 9_000;
  advance(2_000);
  const second = await meter();
  expect({ ...second, cpuPercent: 0, residentMiB: 0 }).toEqual({
    at: 1_002_000,
    cpuPercent: 0,
    residentMiB: 0,
    diskReadBps: 2_000,
    diskWriteBps: 1_000,
    netRxBps: 2_000,
    netTxBps: 0,
  });
  expect([first.netRxBps, second.cpuPercent >= 0, second.residentMiB > 10]).toEqual([undefined, true, true]);
});

test('without an agent, what goes through the taps; from one to the other there is no rate', async () => {
  let agent: Json | undefined;
  let taps: NetBytes = { received: 1_000_000, sent: 50_000 };
  const { meter, advance } = await meterOf(
    { 'query-blockstats': [], 'qom-list': [] },
    () => agent,
    () => taps,
  );
  const rates: (number | undefined)[][] = [];
  const look = async (): Promise<void> => {
    const { netRxBps, netTxBps } = await meter();
    rates.push([netRxBps, netTxBps]);
    advance(1_000);
  };
  await look();
  taps = { received: 1_003_000, sent: 50_040 };
  await look();
  agent = [{ name: 'eth0', statistics: { 'rx-bytes': 70, 'tx-bytes': 7 } }];
  await look();
  agent = [{ name: 'eth0', statistics: { 'rx-bytes': 80, 'tx-bytes': 9 } }];
  await look();
  expect(rates).toEqual([
    [undefined, undefined],
    [3_000, 40],
    [undefined, undefined],
    [10, 2],
  ]);
});

test('with neither there are no network rates, rather than zero', async () => {
  const { meter, advance } = await meterOf({ 'query-blockstats': [], 'qom-list': [] });
  await meter();
  advance(1_000);
  expect(Object.keys(await meter())).toEqual(['at', 'cpuPercent', 'residentMiB', 'diskReadBps', 'diskWriteBps']);
});

test('the balloon reports while somebody looks, and rests afterwards', async () => {
  const gib = 2 ** 30;
  const { meter, asked, timers, advance } = await meterOf({
    'query-blockstats': [],
    'qom-list': [
      { name: 'video0', type: 'child<VGA>' },
      { name: 'balloon0', type: 'child<virtio-balloon-pci>' },
    ],
    'qom-get': { stats: { 'stat-total-memory': 2 * gib, 'stat-available-memory': gib / 2 }, 'last-update': 1 },
  });
  expect((await meter()).guestUsedMiB).toBe(1536);
  advance(1_000);
  await meter();
  expect(timers).toHaveLength(1);
  timers[0]?.();
  const polls = asked.filter(({ execute }) => execute === 'qom-set').map(({ path, value }) => ({ path, value }));
  expect(polls).toEqual([
    { path: '/machine/peripheral/balloon0', value: 2 },
    { path: '/machine/peripheral/balloon0', value: 2 },
    { path: '/machine/peripheral/balloon0', value: 0 },
  ]);
});

test("a guest without the balloon's driver says nothing of its memory", async () => {
  const { meter } = await meterOf({
    'query-blockstats': [],
    'qom-list': [{ name: 'balloon0', type: 'child<virtio-balloon-pci>' }],
    'qom-get': { stats: { 'stat-total-memory': 2 ** 64, 'stat-available-memory': 2 ** 64 }, 'last-update': 0 },
  });
  expect((await meter()).guestUsedMiB).toBeUndefined();
});
