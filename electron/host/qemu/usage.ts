// Owns measuring what one running machine uses, when somebody asks.
// Must not ask by itself: no timer runs here but the one that lets the guest rest when nobody has asked for a while.
import type { UsageSample } from '../../api/computer.ts';
import type { Json } from '../../api/object.ts';
import type { Clock } from '../../engine/ports.ts';
import { processStat, readIfThere, ticksPerSecond } from '../proc.ts';
import type { ProcessId } from '../proc.ts';
import { isJsonArray, isJsonObject, numberOf, textOf } from './json-lines.ts';
import type { NetBytes } from './tap-counters.ts';

export interface UsageSource {
  readonly process: ProcessId;
  readonly clock: Clock;
  readonly qmp: (command: string, args?: Readonly<Record<string, Json>>) => Promise<Json>;
  /** guest-network-get-interfaces; undefined while no agent answers. */
  readonly guestInterfaces: () => Promise<Json | undefined>;
  /** What went through its taps; undefined when that is not all of its network. */
  readonly tapBytes: () => Promise<NetBytes | undefined>;
}

interface Counters {
  readonly at: number;
  readonly cpuTicks: number;
  readonly diskRead: number;
  readonly diskWritten: number;
  readonly net?: NetBytes & { readonly by: 'agent' | 'taps' };
}

const pageBytes = 4096;
const mebibyte = 1024 * 1024;
/** The guest's balloon driver reports this often while somebody looks, and not at all otherwise. */
const guestStatsSeconds = 2;
const guestStatsRestMs = 15_000;
/** What the balloon says for a number that the guest's driver does not know: all bits set, or -1. */
const implausibleBytes = 2 ** 60;

export type UsageMeter = () => Promise<UsageSample>;

/**
 * Rates are over the time since the sample before; the first one is the average since the machine was started (adopted ones: since
 * QEMU's counters began). Network rates are the guest's own counters, told by its agent; without one, those of its taps. QEMU's user
 * network counts nothing: then they are absent.
 */
export function usageMeter(source: UsageSource): UsageMeter {
  let last: Counters | undefined;
  const memory = guestMemory(source);
  return async () => {
    const [stat, statm, blocks, interfaces, guestUsedMiB, uptime] = await Promise.all([
      processStat(source.process.pid),
      readIfThere(`/proc/${source.process.pid}/statm`),
      source.qmp('query-blockstats'),
      source.guestInterfaces(),
      memory(),
      readIfThere('/proc/uptime'),
    ]);
    const net = netCounters(interfaces) ?? (await byTaps(source.tapBytes));
    const now: Counters = {
      at: source.clock.now(),
      cpuTicks: stat?.cpuTicks ?? last?.cpuTicks ?? 0,
      ...diskCounters(blocks),
      ...(net === undefined ? {} : { net }),
    };
    const aliveMs = Number(uptime?.split(' ')[0] ?? 0) * 1000 - (source.process.startTicks / ticksPerSecond) * 1000;
    const before: Counters = last ?? { at: now.at - aliveMs, cpuTicks: 0, diskRead: 0, diskWritten: 0 };
    last = now;
    const seconds = Math.max((now.at - before.at) / 1000, 0.001);
    const rate = (later: number, earlier: number): number => Math.max(0, Math.round((later - earlier) / seconds));
    return {
      at: now.at,
      cpuPercent: Math.max(0, ((now.cpuTicks - before.cpuTicks) / ticksPerSecond / seconds) * 100),
      residentMiB: (Number(statm?.split(' ')[1] ?? 0) * pageBytes) / mebibyte,
      ...(guestUsedMiB === undefined ? {} : { guestUsedMiB }),
      diskReadBps: rate(now.diskRead, before.diskRead),
      diskWriteBps: rate(now.diskWritten, before.diskWritten),
      // The two count differently: one's last is not the other's first.
      ...(now.net === undefined || before.net?.by !== now.net.by
        ? {}
        : { netRxBps: rate(now.net.received, before.net.received), netTxBps: rate(now.net.sent, before.net.sent) }),
    };
  };
}

function diskCounters(answer: Json): { readonly diskRead: number; readonly diskWritten: number } {
  const rows = isJsonArray(answer) ? answer.filter(isJsonObject) : [];
  const sum = (key: string): number =>
    rows.reduce((total, row) => total + (isJsonObject(row['stats']) ? (numberOf(row['stats'][key]) ?? 0) : 0), 0);
  return { diskRead: sum('rd_bytes'), diskWritten: sum('wr_bytes') };
}

function netCounters(answer: Json | undefined): Counters['net'] {
  if (!isJsonArray(answer)) return undefined;
  const statistics = answer
    .filter(isJsonObject)
    .filter((row) => row['name'] !== 'lo')
    .map((row) => row['statistics'])
    .filter(isJsonObject);
  if (statistics.length === 0) return undefined;
  const sum = (key: string): number => statistics.reduce((total, row) => total + (numberOf(row[key]) ?? 0), 0);
  return { by: 'agent', received: sum('rx-bytes'), sent: sum('tx-bytes') };
}

async function byTaps(tapBytes: UsageSource['tapBytes']): Promise<Counters['net']> {
  const bytes = await tapBytes();
  return bytes === undefined ? undefined : { by: 'taps', ...bytes };
}

/** MiB that the guest does not count as available, by its balloon driver; undefined without a balloon or before its first report. */
function guestMemory({ qmp, clock }: UsageSource): () => Promise<number | undefined> {
  /** QOM path; null when there is none. */
  let balloon: string | null | undefined;
  let cancelRest: (() => void) | undefined;
  const interval = async (path: string, seconds: number): Promise<void> => {
    await qmp('qom-set', { path, property: 'guest-stats-polling-interval', value: seconds });
  };
  return async () => {
    balloon ??= (await findBalloon(qmp)) ?? null;
    if (balloon === null) return undefined;
    const path = balloon;
    // Each time: who looks after balloons lets the guest rest, too.
    await interval(path, guestStatsSeconds);
    cancelRest?.();
    cancelRest = clock.after(guestStatsRestMs, () => {
      cancelRest = undefined;
      // The machine may have ended meanwhile: then there is nothing to let rest.
      interval(path, 0).catch(() => undefined);
    });
    const answer = await qmp('qom-get', { path, property: 'guest-stats' });
    const stats = isJsonObject(answer) && isJsonObject(answer['stats']) ? answer['stats'] : {};
    const total = numberOf(stats['stat-total-memory']) ?? -1;
    const available = numberOf(stats['stat-available-memory']) ?? -1;
    if (total <= 0 || available < 0 || total > implausibleBytes || available > total) return undefined;
    return (total - available) / mebibyte;
  };
}

async function findBalloon(qmp: UsageSource['qmp']): Promise<string | undefined> {
  const rows = await qmp('qom-list', { path: '/machine/peripheral' });
  const found = isJsonArray(rows) ? rows.filter(isJsonObject).find((row) => /virtio-balloon/.test(textOf(row['type']) ?? '')) : undefined;
  const name = textOf(found?.['name']);
  return name === undefined ? undefined : `/machine/peripheral/${name}`;
}
