// Owns the proof of a machine's whole life through the API: BIOS and UEFI, serial log, screen, adoption after kill -9, ACPI.
// Must not reach into the core: whatever is seen here, any client sees.
import { copyFileSync, readdirSync, readlinkSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestBytes } from '../../electron/cli/connection.ts';
import { startCore, type CoreProcess } from '../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath, runVerbPath, stopAndForget, verbPath } from '../bench/machines.ts';
import { type Console, openConsole, screenColours } from './console.ts';
import { guestMachine } from './guest-machine.ts';
import { tinyLinuxDisk, tinyLinuxMarker, tinyLinuxReady } from './tiny-linux.ts';

let core: CoreProcess;
let folder: string;
beforeAll(async () => {
  core = await startCore();
  folder = core.dataDir.replace(/\/data$/, '');
});
afterAll(async () => {
  await core.request({ method: 'DELETE', path: machinesPath, body: { gracePeriodSeconds: 0 } });
  await Promise.all((await instanceNames()).map((name) => awaitPhase(core, name, 'gone')));
  await core.end();
  core.remove();
});

async function instanceNames(): Promise<readonly string[]> {
  const { items } = (await core.request({ path: instancesPath })) as { items: readonly { metadata: { name: string } }[] };
  return items.map((item) => item.metadata.name);
}

async function create(name: string, firmware: object): Promise<void> {
  const disk = join(folder, `${name}.img`);
  copyFileSync(await tinyLinuxDisk(), disk);
  // GRUB under UEFI needs more than 256 MiB for its kernel and initramfs.
  const spec = { terminationGracePeriodSeconds: 120 };
  const body = guestMachine(name, { disk, memory: '512Mi', runStrategy: 'Manual', spec, domain: { firmware } });
  await core.request({ method: 'POST', path: machinesPath, body });
}

test.each([
  { name: 'bios', firmware: { bootloader: { bios: {} } }, said: 'firmware=bios' },
  { name: 'uefi', firmware: { bootloader: { efi: { secureBoot: false } } }, said: 'firmware=uefi' },
])('a guest boots under $name: serial log, screen, kill -9, console, power button', async ({ name, firmware, said }) => {
  await create(name, firmware);
  const running = awaitPhase(core, name, 'Running');
  await core.request({ method: 'PUT', path: verbPath(name, 'start'), body: {} });
  await running;

  // In the middle of the boot the core is killed; the next one goes on.
  await core.end('SIGKILL');
  core = await startCore({ folder });
  await awaitPhase(core, name, 'Running');

  let terminal = await openConsole(core.socket, name);
  await terminal.waitFor(new RegExp(`${tinyLinuxMarker}.*${said}`), 240_000);
  await terminal.waitFor(new RegExp(tinyLinuxReady), 60_000);
  terminal.type('echo answer-$((6*7))\n');
  await terminal.waitFor(/answer-42/, 60_000);
  const log = await requestBytes({
    socket: core.socket,
    path: `/apis/virtdeck.io/v1alpha1/namespaces/default/virtualmachineinstances/${name}/serial-log`,
  });
  expect(log.toString('latin1')).toContain(said);
  if (name === 'bios') {
    await rebootsTwice(name, terminal);
    await pauses(name, terminal);
    terminal = await restarts(name, terminal);
  }
  // Not just a connection: letters were drawn.
  expect(await screenColours(core.socket, name)).toBeGreaterThan(1);

  const gone = awaitPhase(core, name, 'gone');
  await core.request({ method: 'PUT', path: verbPath(name, 'stop'), body: {} });
  await gone;
  terminal.close();
  const events = (await core.request({ path: '/api/v1/namespaces/default/events' })) as {
    items: readonly { involvedObject: { name: string }; message: string }[];
  };
  expect(events.items.filter((event) => event.involvedObject.name === name).map((event) => event.message)).toContain(
    'The guest shut down.',
  );
});

/** By its power button, since it has no agent; and by force. The run stays the same one. */
async function rebootsTwice(name: string, terminal: Console): Promise<void> {
  const before = (await instanceOf(name)).metadata.uid;
  for (const verb of ['softreboot', 'reset'] as const) {
    await core.request({ method: 'PUT', path: runVerbPath(name, verb), body: {} });
    await terminal.waitFor(new RegExp(tinyLinuxReady), 240_000);
  }
  expect((await instanceOf(name)).metadata.uid).toBe(before);
}

interface Instance {
  readonly metadata: { readonly uid: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

async function instanceOf(name: string): Promise<Instance> {
  return (await core.request({ path: `${instancesPath}/${name}` })) as Instance;
}

/** What is typed at a guest that is paused is answered when it goes on. */
async function pauses(name: string, terminal: Console): Promise<void> {
  const isPaused = async (): Promise<boolean> =>
    (await instanceOf(name)).status?.conditions?.some(({ type, status }) => type === 'Paused' && status === 'True') === true;
  await core.request({ method: 'PUT', path: runVerbPath(name, 'pause'), body: {} });
  await expect.poll(isPaused, { timeout: 60_000 }).toBe(true);
  const before = terminal.text().length;
  terminal.type('echo paused-$((6*7))\n');
  expect(terminal.text().slice(before)).not.toContain('paused-42');
  await core.request({ method: 'PUT', path: runVerbPath(name, 'unpause'), body: {} });
  await terminal.waitFor(/paused-42/, 60_000);
  await expect.poll(isPaused, { timeout: 60_000 }).toBe(false);
}

/** Another run of the same machine, at once. */
async function restarts(name: string, terminal: Console): Promise<Console> {
  const { uid } = (await instanceOf(name)).metadata;
  const gone = awaitPhase(core, name, 'gone');
  await core.request({ method: 'PUT', path: verbPath(name, 'restart'), body: { gracePeriodSeconds: 0 } });
  await gone;
  terminal.close();
  await awaitPhase(core, name, 'Running');
  const next = await openConsole(core.socket, name);
  await next.waitFor(new RegExp(tinyLinuxReady), 240_000);
  expect((await instanceOf(name)).metadata.uid).not.toBe(uid);
  return next;
}

test('the firmware waits for a key when it is to, and offers what can be booted', async () => {
  const bios = { bootloader: { bios: { useSerial: true } } };
  const body = guestMachine('chosen', { memory: '64Mi', notes: { 'virtdeck.io/boot-menu': '60' }, domain: { firmware: bios } });
  await core.request({ method: 'POST', path: machinesPath, body });
  await awaitPhase(core, 'chosen', 'Running');
  const terminal = await openConsole(core.socket, 'chosen');
  await terminal.waitFor(/Press ESC for boot menu/, 60_000);
  terminal.type('\u001B');
  await terminal.waitFor(/Select boot device:/, 60_000);
  terminal.close();
  await stopAndForget(core, 'chosen');
});

test('QEMU runs as the user, sandboxed, and nothing listens on TCP', async () => {
  await create('confined', {});
  const running = awaitPhase(core, 'confined', 'Running');
  await core.request({ method: 'PUT', path: verbPath('confined', 'start'), body: {} });
  await running;
  const runDir = readdirSync(core.runDir).find((name) => existsSync(join(core.runDir, name, 'qemu.pid'))) ?? '';
  const pid = Number(readFileSync(join(core.runDir, runDir, 'qemu.pid'), 'utf8'));
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  expect(status).toMatch(new RegExp(`^Uid:\\s+${process.getuid?.()}`, 'm'));
  // 2: a seccomp filter is in force.
  expect(status).toMatch(/^Seccomp:\s+2/m);
  expect(listeningInodes().filter((inode) => socketInodes(pid).includes(inode) || socketInodes(core.pid).includes(inode))).toEqual([]);
  await stopAndForget(core, 'confined');
});

/** Inodes of TCP sockets in state LISTEN (0A). */
function listeningInodes(): readonly string[] {
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    (existsSync(file) ? readFileSync(file, 'utf8') : '')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A')
      .map((fields) => fields[9] ?? ''),
  );
}

/** Of sockets alone: a file of another file system may have the same number. */
function socketInodes(pid: number): readonly string[] {
  const open = `/proc/${pid}/fd`;
  return readdirSync(open).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`${open}/${fd}`))?.[1] ?? []);
}

/** Empty when it was closed while we looked. */
function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}
