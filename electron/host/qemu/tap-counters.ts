// Owns what went through the taps of one QEMU, as the kernel counts it.
// Must not count half of a machine's network: what QEMU's own user network carries, nobody counts.
import { readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { Json } from '../../api/object.ts';
import type { Clock } from '../../engine/ports.ts';
import { readIfThere } from '../proc.ts';
import { isJsonArray, isJsonObject, textOf } from './json-lines.ts';

export interface NetBytes {
  /** By the guest. */
  readonly received: number;
  readonly sent: number;
}

export interface TapSource {
  readonly pid: number;
  readonly clock: Clock;
  readonly qmp: (command: string, args?: Readonly<Record<string, Json>>) => Promise<Json>;
  /** /proc, but for a test. */
  readonly proc?: string;
}

// Cards come and go while a machine runs, and not every second.
const knownForMs = 10_000;
// As a list of QOM's children says it; a card of the host that was passed through is no card of QEMU.
const cardType = /^child<(?:virtio-net-|e1000|igb|ne2k_pci|pcnet|rtl8139)/;

/** Undefined for a machine that has a card without a tap, and for one without cards. */
export function tapCounters({ pid, clock, qmp, proc = '/proc' }: TapSource): () => Promise<NetBytes | undefined> {
  let known: { readonly at: number; readonly taps: readonly string[] } | undefined;
  const countable = async (): Promise<readonly string[]> => {
    const [taps, cards] = await Promise.all([tapsOf(path.join(proc, String(pid))), cardCount(qmp)]);
    return taps.length >= cards ? taps : [];
  };
  return async () => {
    const now = clock.now();
    if (known === undefined || now - known.at >= knownForMs) known = { at: now, taps: await countable() };
    const { taps } = known;
    if (taps.length === 0) return undefined;
    // Of its own network namespace, which need not be ours.
    const counts = countsOf((await readIfThere(path.join(proc, String(pid), 'net/dev'))) ?? '');
    const rows = taps.flatMap((tap) => counts.get(tap) ?? []);
    // One was taken away since: it is looked again the next time.
    if (rows.length < taps.length) known = undefined;
    return { received: sum(rows, 'received'), sent: sum(rows, 'sent') };
  };
}

/** Whoever made them: the kernel tells the interface behind each open /dev/net/tun. A card with several queues has one for each. */
async function tapsOf(process: string): Promise<readonly string[]> {
  const files = await readdir(path.join(process, 'fd')).catch(() => []);
  const names = await Promise.all(
    files.map(async (file) => {
      if ((await readlink(path.join(process, 'fd', file)).catch(() => '')) !== '/dev/net/tun') return undefined;
      return /^iff:\s*(\S+)$/m.exec((await readIfThere(path.join(process, 'fdinfo', file))) ?? '')?.[1];
    }),
  );
  return [...new Set(names.filter((name) => name !== undefined))];
}

async function cardCount(qmp: TapSource['qmp']): Promise<number> {
  const rows = await qmp('qom-list', { path: '/machine/peripheral' });
  return isJsonArray(rows) ? rows.filter(isJsonObject).filter((row) => cardType.test(textOf(row['type']) ?? '')).length : 0;
}

/** A line is `name:` and sixteen numbers: the first is what the interface received, which the guest has sent; the ninth the other way. */
function countsOf(text: string): ReadonlyMap<string, NetBytes> {
  const lines = text.split('\n').flatMap((line): (readonly [string, NetBytes])[] => {
    const [name, numbers] = line.split(':');
    if (name === undefined || numbers === undefined) return [];
    const fields = numbers.trim().split(/\s+/).map(Number);
    return [[name.trim(), { received: fields[8] ?? 0, sent: fields[0] ?? 0 }]];
  });
  return new Map(lines);
}

function sum(rows: readonly NetBytes[], key: keyof NetBytes): number {
  return rows.reduce((total, row) => total + row[key], 0);
}
