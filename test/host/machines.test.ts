// Owns the proof that machines are recorded, found again, and told apart from their leftovers.
// Must not need QEMU: `sh` is in its place, and its monitor is in this process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { MachineFact } from '../../electron/core/facts.ts';
import type { LaunchPlan } from '../../electron/core/qemu/launch-plan.ts';
import type { MachinePort } from '../../electron/engine/ports.ts';
import { createMachines } from '../../electron/host/machines.ts';
import { processStat } from '../../electron/host/proc.ts';
import { identityFileName, readIdentity, writeIdentity } from '../../electron/host/qemu/identity.ts';
import { systemClock } from '../../electron/host/system-clock.ts';
import { startFakeQmp } from './qemu/fake-qmp.ts';
import type { FakeQmp } from './qemu/fake-qmp.ts';
import { scriptPlan, vmiUid } from './qemu/plan.ts';
import { silentLog } from './silent-log.ts';
import { tempDir } from './temp-dir.ts';
import { unlimited } from '../fakes/unlimited.ts';

interface Place {
  readonly machines: MachinePort;
  readonly plan: (script: string) => LaunchPlan;
  readonly directory: string;
}

function place(directory = tempDir()): Place {
  const machines = createMachines({
    dataDir: `${directory}/d`,
    runDir: `${directory}/r`,
    clock: systemClock,
    log: silentLog,
    limits: unlimited(),
  });
  onTestFinished(() => machines.close());
  return { machines, directory, plan: (script) => scriptPlan(machines.directories(vmiUid, 'owner'), script) };
}

async function monitor(plan: LaunchPlan, uuid = plan.uuid): Promise<FakeQmp> {
  const fake = await startFakeQmp({
    path: plan.sockets.qmp,
    answer: ({ execute, id }) => `{"return": ${execute === 'query-uuid' ? `{"UUID": "${uuid}"}` : '[]'}, "id": ${id}}\n`,
  });
  onTestFinished(() => fake.close());
  return fake;
}

/** A process that stands for the QEMU of an earlier core: no child that anybody waits for. */
async function stranger(plan: LaunchPlan): Promise<number> {
  // Waits for a line that never comes; ends with this process at the latest.
  const child = spawn('/bin/sh', ['-c', 'echo up; read line', '-pidfile', plan.pidFile, '-S'], { stdio: ['pipe', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
  return child.pid ?? 0;
}

async function recordProcess(plan: LaunchPlan, pid: number, startTicks?: number): Promise<void> {
  const identity = await readIdentity(plan.runDir);
  if (identity === undefined) throw new Error('no identity');
  await writeIdentity(plan.runDir, { ...identity, process: { pid, startTicks: startTicks ?? (await processStat(pid))?.startTicks ?? 0 } });
}

describe('a run directory', () => {
  test('is private, and says whose it is before anything is started', async () => {
    const { machines, plan } = place();
    const wanted = plan('');
    await machines.createRunDir(wanted);
    expect({
      runDir: path.basename(wanted.runDir),
      modes: [wanted.runDir, wanted.stateDir, `${wanted.runDir}/${identityFileName}`].map((file) => statSync(file).mode & 0o777),
      identity: await readIdentity(wanted.runDir),
    }).toEqual({
      runDir: '0d7e3f9c-1b2a',
      modes: [0o700, 0o700, 0o600],
      identity: {
        version: 1,
        vmi: wanted.vmi,
        uuid: vmiUid,
        ownerUid: 'owner',
        bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
        binary: '/bin/sh',
        memoryMiB: 64,
        vcpus: 1,
        sockets: wanted.sockets,
        pidFile: wanted.pidFile,
        qemuLog: wanted.qemuLog,
        stateDir: wanted.stateDir,
      },
    });
    await machines.removeRunDir(wanted.runDir);
    expect(await machines.scan()).toEqual([]);
  });
});

describe('spawn', () => {
  test('records the process, hands on events, tells the end', async () => {
    const { machines, plan } = place();
    const wanted = plan('exec sleep 300');
    await machines.createRunDir(wanted);
    const fake = await monitor(wanted);
    const facts: MachineFact[] = [];
    const machine = await machines.spawn(wanted, (fact) => facts.push(fact));
    expect((await readIdentity(wanted.runDir))?.process).toEqual({
      pid: machine.pid,
      startTicks: (await processStat(machine.pid))?.startTicks,
    });
    fake.send('{"event": "RESUME", "timestamp": {"seconds": 5, "microseconds": 0}}\n');
    await expect.poll(() => facts.length).toBe(1);
    machine.kill('SIGKILL');
    fake.hangUp();
    expect(await machine.exited).toEqual({ type: 'Killed', signal: 'SIGKILL' });
    expect(facts).toEqual([
      { type: 'QmpEvent', event: 'RESUME', data: {}, at: 5_000 },
      { type: 'Exited', exit: { type: 'Killed', signal: 'SIGKILL' }, at: expect.any(Number) },
    ]);
  });

  test('letting go tells nothing more, and the machine runs on', async () => {
    const { machines, plan } = place();
    const wanted = plan('exec sleep 300');
    await machines.createRunDir(wanted);
    await monitor(wanted);
    const facts: MachineFact[] = [];
    const machine = await machines.spawn(wanted, (fact) => facts.push(fact));
    onTestFinished(() => void process.kill(machine.pid, 'SIGKILL'));
    await machine.detach();
    expect([facts, await machines.scan()]).toEqual([[], [{ vmi: wanted.vmi, runDir: wanted.runDir, state: { alive: true } }]]);
  });
});

describe('scan', () => {
  async function found(prepare: (plan: LaunchPlan) => Promise<void>) {
    const { machines, plan } = place();
    const wanted = plan('');
    await machines.createRunDir(wanted);
    await prepare(wanted);
    const [first, ...rest] = await machines.scan();
    expect(rest).toEqual([]);
    return first?.state;
  }
  const dead = { pid: 1, startTicks: -1 };

  test('pid, start time and uuid agree: alive', async () => {
    expect(
      await found(async (plan) => {
        await monitor(plan);
        await recordProcess(plan, await stranger(plan));
      }),
    ).toEqual({ alive: true });
  });

  test('the core was killed before it knew the pid: the command line names its pid file', async () => {
    expect(
      await found(async (plan) => {
        await monitor(plan);
        await stranger(plan);
      }),
    ).toEqual({ alive: true });
  });

  test('the pid was used again by another process', async () => {
    expect(
      await found(async (plan) => {
        await monitor(plan);
        await recordProcess(plan, await stranger(plan), 12);
      }),
    ).toEqual({ alive: false, exit: { type: 'EndedUnwatched' } });
  });

  test('another QEMU answers at the socket', async () => {
    expect(
      await found(async (plan) => {
        await monitor(plan, '11111111-2222-4333-8444-555555555555');
        await recordProcess(plan, await stranger(plan));
      }),
    ).toEqual({ alive: false, exit: { type: 'EndedUnwatched' } });
  });

  test('it runs and does not answer: alive, for it holds its disks', async () => {
    expect(await found(async (plan) => await recordProcess(plan, await stranger(plan)))).toEqual({ alive: true });
  });

  test.each([
    ['orderly', '', false, { type: 'EndedUnwatched' }],
    ['by SIGTERM', 'qemu-system-x86_64: terminating on signal 15 from pid 1 (init)\n', false, { type: 'HostStopped', signal: 'SIGTERM' }],
    ['by SIGKILL', '', true, { type: 'Killed', signal: 'SIGKILL' }],
    ['by its own fault', 'qemu-system-x86_64: oh no\n', true, { type: 'Crashed', stderr: 'qemu-system-x86_64: oh no\n' }],
  ] as const)('ended %s while nobody watched', async (...[, stderr, pidFileLeft, exit]) => {
    expect(
      await found(async (plan) => {
        await recordProcess(plan, dead.pid, dead.startTicks);
        writeFileSync(plan.qemuLog, stderr);
        if (pidFileLeft) writeFileSync(plan.pidFile, '1\n');
      }),
    ).toEqual({ alive: false, exit });
  });

  test('QEMU was never started', async () => {
    expect(await found(() => Promise.resolve())).toEqual({
      alive: false,
      exit: { type: 'Crashed', stderr: 'Virtdeck was ended before it had started QEMU.' },
    });
  });

  test('the computer was started anew', async () => {
    expect(
      await found(async (plan) => {
        const identity = await readIdentity(plan.runDir);
        if (identity !== undefined)
          await writeIdentity(plan.runDir, { ...identity, bootId: 'another', process: { pid: process.pid, startTicks: 1 } });
      }),
    ).toEqual({ alive: false, exit: { type: 'HostStopped' } });
  });

  test.each([
    ['nothing in it', undefined],
    ['garbage', '{'],
    ['a version to come', '{"version": 2}'],
  ])('a directory with %s is left alone', async (_name, text) => {
    const { machines, directory } = place();
    mkdirSync(`${directory}/r/something`, { recursive: true });
    if (text !== undefined) writeFileSync(`${directory}/r/something/${identityFileName}`, text);
    expect(await machines.scan()).toEqual([]);
    expect(statSync(`${directory}/r/something`).isDirectory()).toBe(true);
  });

  test('before the first machine there is no directory', async () => {
    expect(await place().machines.scan()).toEqual([]);
  });
});

describe('adopt', () => {
  test('events come, and the end is seen without being its parent', async () => {
    const first = place();
    const wanted = first.plan('');
    await first.machines.createRunDir(wanted);
    const fake = await monitor(wanted);
    const pid = await stranger(wanted);
    await recordProcess(wanted, pid);
    writeFileSync(wanted.pidFile, `${pid}\n`);
    const facts: MachineFact[] = [];
    const [found] = await first.machines.scan();
    if (found === undefined) throw new Error('not found');
    const machine = await first.machines.adopt(found, (fact) => facts.push(fact));
    expect(machine.pid).toBe(pid);
    fake.send('{"event": "STOP", "timestamp": {"seconds": 5, "microseconds": 0}}\n');
    await expect.poll(() => facts.length).toBe(1);
    machine.kill('SIGKILL');
    fake.hangUp();
    expect(await machine.exited).toEqual({ type: 'Killed', signal: 'SIGKILL' });
    await expect.poll(() => facts.map(({ type }) => type)).toEqual(['QmpEvent', 'Exited']);
  });

  test('one that has ended meanwhile is refused', async () => {
    const { machines, plan } = place();
    const wanted = plan('');
    await machines.createRunDir(wanted);
    await expect(machines.adopt({ vmi: wanted.vmi, runDir: wanted.runDir, state: { alive: true } }, () => undefined)).rejects.toMatchObject(
      { code: 'NotFound' },
    );
  });
});

describe('what is kept over runs', () => {
  test('the screenshot, unless the machine is gone', async () => {
    const { machines, plan } = place();
    await machines.keepScreenshot('owner', Buffer.from('png'));
    expect(await machines.lastScreenshot('owner')).toBeUndefined();
    await machines.createRunDir(plan(''));
    await machines.keepScreenshot('owner', Buffer.from('png'));
    expect(Buffer.from((await machines.lastScreenshot('owner')) ?? []).toString()).toBe('png');
    await machines.removeStateDir('owner');
    expect(await machines.lastScreenshot('owner')).toBeUndefined();
  });

  test('the serial log, with what was rotated away', async () => {
    const { machines, plan } = place();
    const { stateDir } = plan('');
    expect(await machines.serialLog('owner')).toBeUndefined();
    await machines.createRunDir(plan(''));
    writeFileSync(`${stateDir}/serial.log`, 'new');
    writeFileSync(`${stateDir}/serial.log.1`, 'old ');
    expect(Buffer.from((await machines.serialLog('owner')) ?? []).toString()).toBe('old new');
  });
});
