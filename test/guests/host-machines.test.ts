// Owns the proof of the host on a real QEMU and a real guest: start, consoles, adoption after kill -9, every ending.
// Must not use the engine.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { MachineFact } from '../../electron/core/facts.ts';
import type { LaunchPlan } from '../../electron/core/qemu/launch-plan.ts';
import type { MachinePort, RunningMachine } from '../../electron/engine/ports.ts';
import { createMachines } from '../../electron/host/machines.ts';
import { isRunning, processStat } from '../../electron/host/proc.ts';
import { systemClock } from '../../electron/host/system-clock.ts';
import { collect } from '../host/consoles/collect.ts';
import { silentLog } from '../host/silent-log.ts';
import { tempDir } from '../host/temp-dir.ts';
import { ownerUid, smallPlan } from './host-plan.ts';
import { tinyLinuxDisk, tinyLinuxReady } from './tiny-linux.ts';
import { coloursOf, pictureOf } from '../fakes/read-png.ts';
import { unlimited } from '../fakes/unlimited.ts';

/** Four times what an emulated boot takes on two busy cores. */
const bootMs = 120_000;
const soon = { timeout: 20_000, interval: 20 };

interface Place {
  readonly directory: string;
  readonly dataDir: string;
  readonly runDir: string;
  readonly machines: MachinePort & { close(): Promise<void> };
}

function place(): Place {
  const directory = tempDir();
  const [dataDir, runDir] = [`${directory}/d`, `${directory}/r`];
  const machines = createMachines({ dataDir, runDir, clock: systemClock, log: silentLog, limits: unlimited() });
  onTestFinished(() => machines.close());
  return { directory, dataDir, runDir, machines };
}

/** Whatever happens in the test, no QEMU stays. */
function endAfterwards(pid: number): void {
  onTestFinished(async () => {
    const stat = await processStat(pid);
    if (stat === undefined || !(await isRunning(stat))) return;
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => isRunning(stat), soon).toBe(false);
  });
}

async function started(
  plan: LaunchPlan,
  machines: MachinePort,
  onFact: (fact: MachineFact) => void = () => undefined,
): Promise<RunningMachine> {
  await machines.createRunDir(plan);
  for (const file of plan.files) await machines.placeFile(file);
  const machine = await machines.spawn(plan, onFact);
  endAfterwards(machine.pid);
  return machine;
}

test('a guest outlives the kill -9 of who started it, is found again, and its consoles work', async () => {
  const { directory, dataDir, runDir, machines } = place();
  const plan = smallPlan({ machines, pool: directory, image: await tinyLinuxDisk() });
  const planFile = `${directory}/plan.json`;
  writeFileSync(planFile, JSON.stringify(plan));
  const script = new URL('host-parent.ts', import.meta.url).pathname;
  const parent = spawn(process.execPath, [script, dataDir, runDir, planFile], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const { pid, status } = JSON.parse(line.toString()) as { readonly pid: number; readonly status: { readonly status: string } };
  endAfterwards(pid);
  // Paused before its first instruction until somebody said cont.
  expect(status.status).toBe('prelaunch');
  parent.kill('SIGKILL');
  await once(parent, 'exit');

  const [found, ...others] = await machines.scan();
  expect([found, others]).toEqual([{ vmi: plan.vmi, runDir: plan.runDir, state: { alive: true } }, []]);
  if (found === undefined) return;
  const facts: MachineFact[] = [];
  const machine = await machines.adopt(found, (fact) => facts.push(fact));
  expect(machine.pid).toBe(pid);

  // Everything from power-on, although nobody was there, then live.
  const channel = await machine.openSerial({ replay: true });
  const serial = collect(channel);
  await expect.poll(serial.text, { timeout: bootMs, interval: 100 }).toContain(tinyLinuxReady);
  expect(serial.text().match(new RegExp(tinyLinuxReady, 'g'))).toHaveLength(1);
  channel.write(Buffer.from('echo $((6 * 7)) is the answer\n'));
  await expect.poll(serial.text, soon).toContain('42 is the answer');
  // The prompt after the answer may still be on its way to either.
  await expect.poll(async () => Buffer.from((await machines.serialLog(ownerUid)) ?? []).toString() === serial.text(), soon).toBe(true);

  expect(coloursOf(pictureOf(await machine.screenshot()))).toBeGreaterThan(1);
  const screen = collect(await machine.openVnc());
  await expect.poll(screen.text, soon).toMatch(/^RFB 003\.008\n/);

  await machine.qmp('system_powerdown');
  expect(await machine.exited).toEqual({ type: 'GuestShutdown' });
  expect(
    facts.map((fact) => (fact.type === 'QmpEvent' ? fact.event : fact.type)).filter((name) => /POWERDOWN|SHUTDOWN|Exited/.test(name)),
  ).toEqual(['POWERDOWN', 'SHUTDOWN', 'Exited']);
  expect(existsSync(plan.pidFile)).toBe(false);
});

test('a reader that stalls does not hold up a guest that prints without end, and misses nothing', async () => {
  const { directory, machines } = place();
  // A client of QEMU's socket that does not read stops the guest after 200 KB. Lines can be told apart. A power-off by force does
  // not wait for what the kernel has not sent yet; to set a terminal does.
  const image = await tinyLinuxDisk({
    commands: ['head -c 420000 /dev/zero | tr "\\0" x | fold -w 60 | cat -n > /dev/ttyS0', 'stty -F /dev/ttyS0 -echo', 'poweroff -f'],
  });
  const plan = smallPlan({ machines, pool: directory, image });
  const machine = await started(plan, machines);
  const stalled = await machine.openSerial({ replay: false });
  const behind = collect(stalled);
  stalled.pause();
  await machine.qmp('cont');
  const usage = await machine.usage();
  expect([await machine.exited, behind.length()]).toEqual([{ type: 'GuestShutdown' }, 0]);
  stalled.resume();
  await behind.closed;
  expect(behind.text() === readFileSync(plan.serialLog ?? '', 'utf8')).toBe(true);
  expect(behind.text()).toMatch(/ 7000\tx{60}\r\n/);
  // QEMU's user network counts nothing: rather no rate than a wrong one.
  expect([usage.residentMiB > 10, usage.netRxBps]).toEqual([true, undefined]);
});

test('QEMU goes on at the end of a log that was cut from outside', async () => {
  const { directory, machines } = place();
  const plan = smallPlan({ machines, pool: directory, biosOnSerial: true });
  const machine = await started(plan, machines);
  const log = (): string => readFileSync(plan.serialLog ?? '', 'utf8');
  await machine.qmp('cont');
  await expect.poll(log, soon).toContain('No bootable device');
  const before = log();
  truncateSync(plan.serialLog ?? '', 0);
  await machine.qmp('system_reset');
  await expect.poll(log, soon).toContain('No bootable device');
  // A file that was not opened for appending would begin with as many zeros.
  expect([log().startsWith('\0'), log().length <= before.length + 16]).toEqual([false, true]);
});

describe('what an ending leaves', () => {
  test.each([
    ['SIGTERM', 'SIGTERM', { type: 'HostStopped', signal: 'SIGTERM' }, false],
    ['SIGKILL', 'SIGKILL', { type: 'Killed', signal: 'SIGKILL' }, true],
  ] as const)('%s', async (...[, signal, exit, pidFileLeft]) => {
    const { directory, machines } = place();
    const plan = smallPlan({ machines, pool: directory });
    // Watched.
    const watched = await started(plan, machines);
    expect(existsSync(plan.pidFile)).toBe(true);
    process.kill(watched.pid, signal);
    expect([await watched.exited, existsSync(plan.pidFile)]).toEqual([exit, pidFileLeft]);
    await machines.removeRunDir(plan.runDir);
    // While nobody watched.
    const unwatched = await started(plan, machines);
    const stat = await processStat(unwatched.pid);
    await unwatched.detach();
    process.kill(unwatched.pid, signal);
    await expect.poll(async () => stat !== undefined && (await isRunning(stat)), soon).toBe(false);
    expect([await machines.scan(), existsSync(plan.pidFile)]).toEqual([
      [{ vmi: plan.vmi, runDir: plan.runDir, state: { alive: false, exit } }],
      pidFileLeft,
    ]);
  });

  test('a guest that ends by itself while nobody watches', async () => {
    const { directory, machines } = place();
    const plan = smallPlan({ machines, pool: directory });
    // A BIOS that finds nothing to boot starts again after a second, which ends this machine: the guest's own doing.
    const ending: LaunchPlan = {
      ...plan,
      args: [...plan.args, { flag: '-boot', value: 'reboot-timeout=1' }, { flag: '-action', value: 'reboot=shutdown' }],
    };
    const machine = await started(ending, machines);
    const stat = await processStat(machine.pid);
    await machine.qmp('cont');
    await machine.detach();
    await expect.poll(async () => stat !== undefined && (await isRunning(stat)), soon).toBe(false);
    const [found] = await machines.scan();
    expect([found?.state, existsSync(plan.pidFile)]).toEqual([{ alive: false, exit: { type: 'EndedUnwatched' } }, false]);
  });

  test('adopted and killed: told without being its parent', async () => {
    const { directory, machines } = place();
    const plan = smallPlan({ machines, pool: directory });
    const first = await started(plan, machines);
    await first.detach();
    const [found] = await machines.scan();
    if (found === undefined) throw new Error('not found');
    const adopted = await machines.adopt(found, () => undefined);
    process.kill(adopted.pid, 'SIGKILL');
    expect(await adopted.exited).toEqual({ type: 'Killed', signal: 'SIGKILL' });
  });
});

describe('a start that fails', () => {
  test('says why, with the field, and leaves no process', async () => {
    const { directory, machines } = place();
    const image = `${directory}/image.raw`;
    writeFileSync(image, Buffer.alloc(1 << 20));
    const plan = smallPlan({ machines, pool: directory, image });
    writeFileSync(image, '');
    const broken = { ...plan, args: plan.args.map((argument) => (argument.flag === '-blockdev' ? missing(argument) : argument)) };
    await machines.createRunDir(broken);
    await expect(machines.spawn(broken, () => undefined)).rejects.toMatchObject({
      code: 'QemuExitedEarly',
      causes: [{ reason: 'FileMissing', field: expect.stringMatching(/^spec\./), fix: expect.any(String) }],
    });
    expect(await machines.scan()).toMatchObject([{ state: { alive: false } }]);
  });

  test('a disk that another QEMU writes to is named', async () => {
    const { directory, machines } = place();
    const image = `${directory}/image.raw`;
    writeFileSync(image, Buffer.alloc(1 << 20));
    const plan = smallPlan({ machines, pool: directory, image });
    const writable = { ...plan, args: plan.args.map(writing) };
    await started(writable, machines);
    const second = JSON.parse(
      JSON.stringify(writable).replaceAll(plan.runDir, `${plan.runDir}2`).replaceAll(plan.stateDir, `${plan.stateDir}2`),
    ) as LaunchPlan;
    await machines.createRunDir(second);
    await expect(machines.spawn(second, () => undefined)).rejects.toMatchObject({
      code: 'QemuExitedEarly',
      causes: [{ reason: 'DiskInUse', message: `The disk image ${image} is in use by another process.` }],
    });
  });
});

function missing(argument: LaunchPlan['args'][number]): LaunchPlan['args'][number] {
  return { ...argument, value: JSON.parse(JSON.stringify(argument.value).replace('image.raw', 'gone.raw')) };
}

function writing(argument: LaunchPlan['args'][number]): LaunchPlan['args'][number] {
  return JSON.parse(JSON.stringify(argument).replaceAll('"read-only":true', '"read-only":false'));
}
