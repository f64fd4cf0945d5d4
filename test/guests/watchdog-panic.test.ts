// Owns the proof, on guests that run side by side, of every watchdog action after a kernel panic, and of a guest that dies at once.
// Must not reach into the core: whatever is seen here, any client sees.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { screenshotLeadMs } from '../../electron/api/evidence.ts';
import { lookEveryMs } from '../../electron/core/reconcile/screen-looks.ts';
import { type CoreProcess, startCore } from '../bench/core-process.ts';
import { instancesPath, machinesPath, verbPath } from '../bench/machines.ts';
import { coloursOf } from '../fakes/read-png.ts';
import { openConsole } from './console.ts';
import { dyingDisk } from './dying-disk.ts';
import { guestMachine } from './guest-machine.ts';
import { printedMachine, printedWatchdog } from './printed-machine.ts';
import { tinyLinuxDisk, tinyLinuxMarker, tinyLinuxReady } from './tiny-linux.ts';
import { evidencePicture, runDirOf, untilEvent, untilEvidence, untilLookedAt, untilState, type Watched } from './watched.ts';

let core: CoreProcess;
let folder: string;
let disk: string;

/** A daemon feeds a timer of eight seconds. After a panic the kernel stands still, as most distributions have it, and the daemon with it. */
const commands = [
  'rmmod i6300esb; insmod /modules/i6300esb.ko heartbeat=8',
  'echo 0 > /proc/sys/kernel/panic',
  '(while :; do echo x; sleep 1; done > /dev/watchdog) &',
];

beforeAll(async () => {
  core = await startCore();
  folder = dirname(core.dataDir);
  disk = await tinyLinuxDisk({ commands });
});

afterAll(async () => {
  await core.request({ method: 'DELETE', path: machinesPath, body: { gracePeriodSeconds: 0 } });
  const left = async (): Promise<number> => ((await core.request({ path: instancesPath })) as { items: readonly object[] }).items.length;
  await vi.waitUntil(async () => (await left()) === 0, { timeout: 120_000, interval: 100 });
  await core.end();
  core.remove();
});

interface Made {
  readonly image: string;
  readonly devices: object;
  readonly notes?: Readonly<Record<string, string>>;
  /** The chapter's manifest, to begin with. */
  readonly printed?: ReturnType<typeof printedWatchdog>;
}

async function create(name: string, { image, devices, notes = {}, printed }: Made): Promise<void> {
  const guest = { disk: image, notes, spec: { terminationGracePeriodSeconds: 4 }, devices };
  const body = printed === undefined ? guestMachine(name, guest) : printedMachine(printed, name, guest);
  await core.request({ method: 'POST', path: machinesPath, body });
}

const run = (name: string, isIt: (vmi: Watched) => boolean): Promise<Watched> => untilState(core, { path: instancesPath, name }, isIt);
const whyPaused = ({ status }: Watched): string | undefined => status?.conditions?.find(({ type }) => type === 'Paused')?.reason;

interface Row {
  readonly action: 'poweroff' | 'reset' | 'shutdown' | 'pause' | 'inject-nmi' | 'none';
  /** What the manifest has no word for is said by an annotation. */
  readonly isNoted: boolean;
  readonly event: readonly [reason: string, text: string];
  /** What is left: of the same run, or of the one that was made after it. */
  readonly left: { readonly sameRun: boolean; readonly paused?: string };
}

const rows: readonly Row[] = [
  {
    action: 'poweroff',
    isNoted: false,
    event: ['Watchdog', 'its action is poweroff'],
    left: { sameRun: false },
  },
  { action: 'reset', isNoted: false, event: ['WatchdogReset', 'The watchdog restarted'], left: { sameRun: true } },
  {
    action: 'shutdown',
    isNoted: false,
    event: ['ShuttingDown', 'The watchdog pressed the power button.'],
    left: { sameRun: false },
  },
  {
    action: 'pause',
    isNoted: true,
    event: ['Watchdog', 'its action is pause'],
    left: { sameRun: true, paused: 'PausedWatchdog' },
  },
  { action: 'inject-nmi', isNoted: true, event: ['Watchdog', 'its action is inject-nmi'], left: { sameRun: true } },
  { action: 'none', isNoted: true, event: ['Watchdog', 'its action is none'], left: { sameRun: true } },
];

/** The chapter's first test, to its end. */
async function panics({ action, isNoted, event: [reason, text] }: Row): Promise<object> {
  const name = `panic-${action}`;
  const image = join(folder, `${name}.img`);
  copyFileSync(disk, image);
  const watchdog = { name: 'watchdog', i6300esb: isNoted ? {} : { action } };
  // Its panic device tells of it, and leaves the rest to the watchdog.
  const devices = { watchdog, panicDevices: [{ model: 'pvpanic' }] };
  await create(name, {
    image,
    devices,
    // Its action is what the chapter prints.
    printed: action === 'poweroff' ? printedWatchdog() : undefined,
    notes: { 'virtdeck.io/panic-action': 'none', ...(isNoted ? { 'virtdeck.io/watchdog-action': action } : {}) },
  });
  const { uid } = (await run(name, ({ status }) => status?.phase === 'Running')).metadata;
  const terminal = await openConsole(core.socket, name);
  await terminal.waitFor(new RegExp(tinyLinuxReady), 240_000);
  await untilLookedAt(core, uid);
  await untilEvent(core, { name, reason, text }, () => terminal.type('echo c > /proc/sysrq-trigger\n'));
  if (action === 'reset') await terminal.waitFor(new RegExp(tinyLinuxMarker), 240_000);
  terminal.close();
  const isNext = ({ metadata }: Watched): boolean => metadata.uid !== uid;
  const isLeft = action === 'poweroff' || action === 'shutdown' ? isNext : () => true;
  const after = await run(
    name,
    (vmi) => vmi.status?.phase === 'Running' && isLeft(vmi) && (action !== 'pause' || whyPaused(vmi) !== undefined),
  );
  const evidence = await untilEvidence(core, { name, reason: 'Watchdog' });
  return {
    action: evidence.action,
    // Where it is gone, the last look at it.
    seesScreen: coloursOf(await evidencePicture(core, name, evidence)) > 1,
    sawPanic: evidence.serialTail.includes('Kernel panic'),
    sameRun: !isNext(after),
    paused: whyPaused(after),
  };
}

test('each action after a panic: it is done, told, and its evidence has the last words of the kernel', async () => {
  const found = await Promise.all(rows.map(panics));
  expect(found).toEqual(
    rows.map(({ action, left }) => ({
      action,
      seesScreen: true,
      sawPanic: true,
      sameRun: left.sameRun,
      paused: left.paused,
    })),
  );
});

test('QEMU killed from outside: what it was is kept', async () => {
  // It stands there since its panic, for which nothing was to be done: what ends it now is another story.
  const name = 'panic-none';
  const { uid } = (await run(name, () => true)).metadata;
  process.kill(pidOf(uid), 'SIGKILL');
  await run(name, ({ metadata, status }) => metadata.uid !== uid && status?.phase === 'Running');
  const killed = await untilEvidence(core, { name, reason: 'Killed' });
  const picture = await evidencePicture(core, name, killed);
  expect([killed.message, killed.serialTail.includes('Kernel panic')]).toEqual([expect.stringContaining('SIGKILL'), true]);
  expect([coloursOf(picture) > 1, screenshotLeadMs(killed) <= 2 * lookEveryMs]).toEqual([true, true]);
});

test('a guest that dies at once: counted, tried again by itself, later and later, until it is stopped', async () => {
  const name = 'dies';
  const image = join(folder, 'dies.img');
  writeFileSync(image, dyingDisk());
  await create(name, { image, devices: { panicDevices: [{ model: 'pvpanic' }] } });
  const seen: unknown[] = [];
  for (const count of [1, 2]) {
    const { status } = await untilState(
      core,
      { path: machinesPath, name },
      (vm) => vm.status?.startFailure?.consecutiveFailCount === count,
    );
    const waitMs = Date.parse(status?.startFailure?.retryAfterTimestamp ?? '') - Date.now();
    seen.push([status?.printableStatus, Math.ceil(waitMs / 10_000)]);
  }
  expect(seen).toEqual([
    ['CrashLoopBackOff', 1],
    ['CrashLoopBackOff', 4],
  ]);
  expect((await untilEvidence(core, { name, reason: 'GuestPanicked' })).action).toBe('poweroff');
  await core.request({ method: 'PUT', path: verbPath(name, 'stop'), body: {} });
  await untilState(
    core,
    { path: machinesPath, name },
    ({ status }) => status?.printableStatus === 'Stopped' && status.startFailure === undefined,
  );
});

function pidOf(uid: string): number {
  return Number(readFileSync(join(runDirOf(core, uid), 'qemu.pid'), 'utf8'));
}
