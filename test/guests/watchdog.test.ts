// Owns the proof of the watchdog and the panic notifier on a guest whose timer is fed no more: every action, changed while it runs,
// the evidence, the restart after it.
// Must not reach into the core: whatever is seen here, any client sees.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { requestBytes } from '../../electron/cli/connection.ts';
import { type Evidence, screenshotLeadMs } from '../../electron/api/evidence.ts';
import { lookEveryMs } from '../../electron/core/reconcile/screen-looks.ts';
import { startCore, type CoreProcess } from '../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath } from '../bench/machines.ts';
import { shareOf } from '../fakes/read-png.ts';
import { type Console, openConsole } from './console.ts';
import { guestMachine } from './guest-machine.ts';
import { tinyLinuxDisk, tinyLinuxReady } from './tiny-linux.ts';
import { evidencePicture, type SeenEvent, untilEvent, untilLookedAt, untilState, type Watched } from './watched.ts';

const name = 'dog';
const evidencePath = `/apis/virtdeck.io/v1alpha1/namespaces/default/virtualmachineinstances/${name}/evidence`;

let core: CoreProcess;
let terminal: Console;

beforeAll(async () => {
  core = await startCore();
  const disk = join(core.dataDir.replace(/\/data$/, ''), 'dog.img');
  copyFileSync(await tinyLinuxDisk({ modules: ['lpc_ich'] }), disk);
  await core.request({ method: 'POST', path: machinesPath, body: machine(disk) });
  await awaitPhase(core, name, 'Running');
  await meet();
});

afterAll(async () => {
  terminal.close();
  const gone = awaitPhase(core, name, 'gone');
  await core.request({ method: 'DELETE', path: `${machinesPath}/${name}`, body: { gracePeriodSeconds: 0 } });
  await gone;
  await core.end();
  core.remove();
});

/** The chapter's manifest, and a panic device. */
function machine(disk: string): object {
  const devices = { watchdog: watchdogOf('poweroff'), panicDevices: [{ model: 'pvpanic' }] };
  return guestMachine(name, {
    disk,
    notes: { 'virtdeck.io/watchdog-action': 'none' },
    spec: { terminationGracePeriodSeconds: 8 },
    devices,
  });
}

/** A console of the run that is there now, with its shell. */
async function meet(): Promise<void> {
  terminal = await openConsole(core.socket, name);
  await terminal.waitFor(new RegExp(tinyLinuxReady), 240_000);
}

let answers = 0;

async function guestAnswers(): Promise<void> {
  answers += 1;
  terminal.type(`echo alive-$((${answers}*7))\n`);
  await terminal.waitFor(new RegExp(`alive-${answers * 7}`), 60_000);
}

const until = (isIt: (vmi: Watched) => boolean): Promise<Watched> => untilState(core, { path: instancesPath, name }, isIt);
const happens = (reason: string, text: string, act: () => unknown): Promise<SeenEvent> => untilEvent(core, { name, reason, text }, act);

/** Opens the timer of six seconds and feeds it no more. */
function starve(): void {
  const module = '/modules/i6300esb.ko';
  terminal.type(`killall sleep; rmmod i6300esb; insmod ${module} heartbeat=6; (sleep 1000 > /dev/watchdog) & echo hung\\ry\n`);
}

/** The same with the timer of the chipset, which bites at the second time that it runs out. Its driver does not let go of it. */
function starveChipset(): void {
  terminal.type('watchdog -T 4 -t 1000 /dev/watchdog1; echo hung\\ry\n');
}

async function setAction(action: { readonly note?: string; readonly field?: string }): Promise<void> {
  const field =
    action.field === undefined ? {} : { spec: { template: { spec: { domain: { devices: { watchdog: watchdogOf(action.field) } } } } } };
  const body = { metadata: { annotations: { 'virtdeck.io/watchdog-action': action.note ?? null } }, ...field };
  await happens('WatchdogAction', action.note ?? action.field ?? '', () => patch(body));
}

async function patch(body: object): Promise<void> {
  await core.request({ method: 'PATCH', path: `${machinesPath}/${name}`, body, contentType: 'application/merge-patch+json' });
}

function watchdogOf(action: string): object {
  return { name: 'watchdog', i6300esb: { action } };
}

async function evidence(): Promise<readonly Evidence[]> {
  return ((await core.request({ path: evidencePath })) as { items: readonly Evidence[] }).items;
}

/** The last evidence of a bite with this action, once it is kept. */
async function ofBite(action: string): Promise<Evidence> {
  const found = async (): Promise<Evidence | undefined> =>
    (await evidence()).findLast((one) => one.reason === 'Watchdog' && one.action === action);
  return await vi.waitUntil(found, { timeout: 60_000, interval: 100 });
}

/** The guest paints its screen red, as nothing else does. Resolves when the core has looked at it. */
async function paint(): Promise<void> {
  terminal.type("printf '\\033[41m\\033[2Jhung' > /dev/tty0\n");
  await guestAnswers();
  await untilLookedAt(core, await uidNow());
}

/** Whether its picture is of that screen, and not older than two looks. */
async function isPainted(one: Evidence): Promise<readonly boolean[]> {
  const share = shareOf(await evidencePicture(core, name, one), (red, green, blue) => red > 100 && green < 50 && blue < 50);
  return [share > 0.8 && share < 1, screenshotLeadMs(one) <= 2 * lookEveryMs];
}

async function uidNow(): Promise<string> {
  return (await until(() => true)).metadata.uid;
}

async function nextRun(before: string): Promise<void> {
  await until(({ metadata, status }) => metadata.uid !== before && status?.phase === 'Running');
  terminal.close();
  await meet();
}

test('none: it is told, and the guest goes on', async () => {
  await happens('Watchdog', 'its action is none', starve);
  await guestAnswers();
});

test('pause, set while the guest runs: it stands still until it is let go on', async () => {
  await setAction({ note: 'pause' });
  starve();
  const paused = await until(({ status }) => status?.conditions?.some(({ type }) => type === 'Paused') === true);
  expect(paused.status?.conditions?.find(({ type }) => type === 'Paused')?.reason).toBe('PausedWatchdog');
  await core.request({
    method: 'PUT',
    path: `/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/${name}/unpause`,
  });
  await guestAnswers();
});

test('inject-nmi: the guest is told and goes on', async () => {
  await setAction({ note: 'inject-nmi' });
  await happens('Watchdog', 'its action is inject-nmi', starve);
  await guestAnswers();
});

test('reset: the same run boots again, it is told once that the watchdog did it, and the last look at its screen is kept', async () => {
  await setAction({ field: 'reset' });
  const before = await uidNow();
  await paint();
  expect((await happens('WatchdogReset', 'The watchdog restarted the guest.', starve)).count).toBe(1);
  expect(await isPainted(await ofBite('reset'))).toEqual([true, true]);
  await terminal.waitFor(new RegExp(tinyLinuxReady), 240_000);
  expect(await uidNow()).toBe(before);
});

test('reset by the timer of the chipset, which a guest may take for the watchdog', async () => {
  const before = await uidNow();
  await happens('WatchdogReset', 'The watchdog restarted the guest.', starveChipset);
  await terminal.waitFor(new RegExp(tinyLinuxReady), 240_000);
  expect(await uidNow()).toBe(before);
});

test('shutdown: a stuck guest is ended after its grace period, and Always makes a new one', async () => {
  await setAction({ field: 'shutdown' });
  const before = await uidNow();
  // The only one who listens to the power button.
  terminal.type('killall -STOP head\n');
  await paint();
  await happens('Stopped', 'did not shut down within its grace period', starve);
  expect(await isPainted(await ofBite('shutdown'))).toEqual([true, true]);
  await nextRun(before);
});

test('poweroff: the run fails, Always makes a new one, the evidence has the last lines and the last look', async () => {
  await setAction({ field: 'poweroff' });
  const before = await uidNow();
  await paint();
  const failed = until(({ metadata, status }) => metadata.uid === before && status?.phase === 'Failed');
  terminal.type('echo last-words > /dev/ttyS0\n');
  starve();
  await failed;
  await nextRun(before);
  const last = await ofBite('poweroff');
  expect(await isPainted(last)).toEqual([true, true]);
  expect(last.serialTail).toContain('last-words');
});

test('a panic: the screen is kept before the power is cut, and Always makes a new one', async () => {
  const before = await uidNow();
  const event = await happens('GuestPanicked', 'The guest panicked.', () =>
    // The second lets the console come to rest: a kernel that finds it busy prints its last words after it has told QEMU, which is too late.
    terminal.type('echo 7 > /proc/sys/kernel/printk; sleep 1; echo c > /proc/sysrq-trigger\n'),
  );
  await nextRun(before);
  const last = (await evidence()).at(-1);
  expect([last?.reason, last?.action, last?.id]).toEqual([
    'GuestPanicked',
    'poweroff',
    event.metadata.annotations?.['virtdeck.io/evidence'],
  ]);
  expect(last?.serialTail).toContain('Kernel panic');
  const picture = await requestBytes({ socket: core.socket, path: `${evidencePath}/${last?.id}/screenshot`, accept: 'image/png' });
  expect(picture.subarray(1, 4).toString()).toBe('PNG');
});

test('a panic that resets: the same run boots again', async () => {
  const before = await uidNow();
  await patch({ metadata: { annotations: { 'virtdeck.io/panic-action': 'reset' } } });
  await happens('GuestPanicked', 'The guest panicked.', () => terminal.type('echo c > /proc/sysrq-trigger\n'));
  await terminal.waitFor(new RegExp(tinyLinuxReady), 240_000);
  expect(await uidNow()).toBe(before);
});

test('a panic that pauses: it stands still, with what it last showed', async () => {
  await patch({ metadata: { annotations: { 'virtdeck.io/panic-action': 'pause' } } });
  await happens('GuestPanicked', 'The guest panicked.', () => terminal.type('echo c > /proc/sysrq-trigger\n'));
  const paused = await until(({ status }) => status?.conditions?.some(({ type }) => type === 'Paused') === true);
  expect(paused.status?.conditions?.find(({ type }) => type === 'Paused')?.reason).toBe('PausedGuestPanicked');
  expect(await uidNow()).toBe(paused.metadata.uid);
});
