// Owns the proof that traffic of taps is counted, whoever made them, and never half of a machine's.
// Must not make an interface; test/guests/bridge.test.ts counts a real one.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { tapCounters } from '../../../electron/host/qemu/tap-counters.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { tempDir } from '../temp-dir.ts';

const head = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;

interface Given {
  /** What is behind each open file: a tap's name, or any other file. */
  readonly files: readonly ({ readonly tap: string } | string)[];
  readonly cards: readonly string[];
}

function machine({ files, cards }: Given) {
  const proc = tempDir();
  const open = (file: Given['files'][number], number: number): void => {
    symlinkSync(typeof file === 'string' ? file : '/dev/net/tun', path.join(proc, '7/fd', String(number)));
    const info = typeof file === 'string' ? '' : `iff:\t${file.tap}\n`;
    writeFileSync(path.join(proc, '7/fdinfo', String(number)), `pos:\t0\nflags:\t0104002\n${info}`);
  };
  for (const folder of ['fd', 'fdinfo', 'net']) mkdirSync(path.join(proc, '7', folder), { recursive: true });
  for (const [number, file] of files.entries()) open(file, number);
  const has = [...cards];
  const clock = manualClock();
  const count = tapCounters({
    pid: 7,
    proc,
    clock,
    qmp: () => Promise.resolve(has.map((type, index) => ({ name: `d${index}`, type: `child<${type}>` }))),
  });
  return {
    count,
    clock,
    plug: (file: Given['files'][number], card: string): void => {
      open(file, 90 + has.length);
      has.push(card);
    },
    /** `name bytesIn bytesOut`, as the interface counts them. */
    counts: (...rows: readonly string[]): void => {
      const lines = rows
        .map((row) => row.split(' '))
        .map(([name = '', rx = '', tx = '']) => `${name.padStart(6)}: ${rx} 1 0 0 0 0 0 0 ${tx} 1 0 0 0 0 0 0`);
      writeFileSync(path.join(proc, '7/net/dev'), `${head}${lines.join('\n')}\n`);
    },
  };
}

const others = ['/dev/kvm', 'socket:[17]'];

test('what the interface receives, the guest has sent; the sum of its cards, each once', async () => {
  const files = [...others, { tap: 'vda' }, { tap: 'tap0' }, { tap: 'tap0' }];
  const { count, counts } = machine({ files, cards: ['VGA', 'virtio-net-pci', 'e1000e'] });
  counts('lo 9 9', 'vda 1000 200', 'tap0 30 4', 'other 5 5');
  expect(await count()).toEqual({ received: 204, sent: 1030 });
});

test.each<readonly [what: string, given: Given]>([
  ['no card', { files: others, cards: ['VGA'] }],
  ['a card in the user network', { files: others, cards: ['virtio-net-pci'] }],
  ['one on a bridge, and one in the user network', { files: [{ tap: 'vda' }], cards: ['virtio-net-pci', 'rtl8139'] }],
])('%s: nothing, rather than half', async (_what, given) => {
  const { count, counts } = machine(given);
  counts('vda 1000 200');
  expect(await count()).toBeUndefined();
});

test('a card that comes is counted, and one that goes no more', async () => {
  const { count, counts, clock, plug } = machine({ files: [{ tap: 'vda' }], cards: ['virtio-net-pci'] });
  counts('vda 10 20');
  const first = await count();
  plug({ tap: 'vdb' }, 'virtio-net-pci');
  counts('vda 10 20', 'vdb 1 2');
  const soon = await count();
  await clock.advance(10_000);
  const later = await count();
  counts('vdb 1 2');
  expect([first, soon, later, await count()]).toEqual([
    { received: 20, sent: 10 },
    { received: 20, sent: 10 },
    { received: 22, sent: 11 },
    { received: 2, sent: 1 },
  ]);
});

test('a process that is gone has nothing', async () => {
  const clock = manualClock();
  expect(await tapCounters({ pid: 1, proc: tempDir(), clock, qmp: () => Promise.resolve([]) })()).toBeUndefined();
});
