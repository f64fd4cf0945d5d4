// Owns the measure of a start: request → QMP running, and → the guest's first serial byte, beside the same command by hand and virsh.
// Must not keep anything running.
import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StartCheck } from '../../electron/api/start-check.ts';
import { tinyLinuxDisk } from '../guests/tiny-linux.ts';
import { startCore, type CoreProcess } from './core-process.ts';
import { type Figure, median, ms } from './figures.ts';
import { awaitPhase, machine, machinesPath, stopAndForget, verbPath } from './machines.ts';
import { virshStarts } from './virsh.ts';

const rounds = 7;

interface Times {
  readonly runningMs: number;
  readonly firstByteMs: number;
}

export async function startFigures(): Promise<readonly Figure[]> {
  // One of its own: a disk that is written to has one machine, and tests may run beside this.
  const folder = mkdtempSync(join(tmpdir(), 'vd-start-'));
  const disk = join(folder, 'disk.img');
  copyFileSync(await tinyLinuxDisk(), disk);
  // libvirt of root runs QEMU as a user of its own.
  chmodSync(folder, 0o755);
  try {
    return await compareStarts(disk);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compareStarts(disk: string): Promise<readonly Figure[]> {
  const core = await startCore();
  const ours: Times[] = [];
  const byHand: Times[] = [];
  try {
    await core.request({ method: 'POST', path: machinesPath, body: machine('start', disk) });
    const check = (await core.request({ method: 'PUT', path: `${verbPath('start', 'start')}?dryRun=All`, body: {} })) as StartCheck;
    // In turn, so that a busy minute of the computer hits both; the first pair warms the caches.
    for (let round = 0; round <= rounds; round++) {
      const [mine, theirs] = [await startOnce(core), await startByHand(check)];
      if (round === 0) continue;
      ours.push(mine);
      byHand.push(theirs);
    }
  } finally {
    await core.end();
    core.remove();
  }
  const virsh = await virshStarts(disk);
  return [
    ...compare({
      what: 'Start request → QMP says running',
      ours,
      byHand,
      pick: (times) => times.runningMs,
      virsh: virsh === undefined ? '' : `; ${virsh}`,
    }),
    ...compare({ what: 'Start request → first serial byte of the guest', ours, byHand, pick: (times) => times.firstByteMs, virsh: '' }),
  ];
}

interface Comparison {
  readonly what: string;
  readonly ours: readonly Times[];
  readonly byHand: readonly Times[];
  readonly pick: (times: Times) => number;
  readonly virsh: string;
}

function compare({ what, ours, byHand, pick, virsh }: Comparison): Figure[] {
  const mine = median(ours.map(pick));
  const theirs = median(byHand.map(pick));
  // Pair by pair: the computer's mood is the same within a pair.
  const overhead = median(ours.map((times, index) => pick(times) - pick(byHand[index] ?? times)));
  const ratio = median(ours.map((times, index) => pick(times) / pick(byHand[index] ?? times)));
  const isTotal = what.includes('serial');
  return [
    {
      what,
      ours: `${ms(mine)} (+${ms(overhead)}, ${ratio.toFixed(2)}×)`,
      peer: `same QEMU command by hand ${ms(theirs)}${virsh}`,
      promise: isTotal ? 'at most 1.05×' : 'at most +80 ms',
      kept: isTotal ? ratio <= 1.05 : overhead <= 80,
    },
  ];
}

async function startOnce(core: CoreProcess): Promise<Times> {
  const machines = join(core.dataDir, 'machines');
  const began = performance.now();
  const running = awaitPhase(core, 'start', 'Running').then(() => performance.now() - began);
  const byte = firstByteBelow(machines, began);
  await core.request({ method: 'PUT', path: verbPath('start', 'start'), body: {} });
  const [runningMs, firstByteMs] = await Promise.all([running, byte]);
  await stopAndForget(core, 'start');
  return { runningMs, firstByteMs };
}

/** Spawn, QMP greeting, capabilities, cont, running: what anybody's script would do, with our own arguments. */
async function startByHand(check: StartCheck): Promise<Times> {
  const folder = mkdtempSync(join(tmpdir(), 'vd-hand-'));
  const command = check.command ?? [];
  const qmpValue = command.find(({ value }) => /[/]qmp/.test(value ?? '') && /sock/.test(value ?? ''))?.value ?? '';
  const places = new Set(
    command.flatMap(({ value }) =>
      [...(value ?? '').matchAll(/(\/[^\s,"]*)\/(?:qmp|serial|pid|vnc|agent)[^/\s,"]*/g)].map((match) => match[1] ?? ''),
    ),
  );
  const mapped = [...places].toSorted((a, b) => b.length - a.length).map((from, index) => ({ from, to: join(folder, String(index)) }));
  for (const { to } of mapped) mkdirSync(to);
  const move = (text: string): string => mapped.reduce((moved, { from, to }) => moved.replaceAll(from, to), text);
  const [program, ...rest] = command.flatMap(({ flag, value }) => (value === undefined ? [flag] : [flag, move(value)]));
  const socketPath = /(?:path=|unix:)([^,"]+)/.exec(move(qmpValue))?.[1] ?? '';
  const serialLog = /logfile=([^,"]+)/.exec(command.map(({ value }) => move(value ?? '')).join('\n'))?.[1] ?? '';
  const began = performance.now();
  const qemu = spawn(
    program?.startsWith('-') === true ? 'qemu-system-x86_64' : (program ?? ''),
    program?.startsWith('-') === true ? [program, ...rest] : rest,
    { stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve) => qemu.once('exit', () => resolve()));
  try {
    const byte = firstByteOf(serialLog, began);
    const runningMs = await contByQmp(socketPath).then(() => performance.now() - began);
    return { runningMs, firstByteMs: await byte };
  } finally {
    qemu.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function contByQmp(socketPath: string): Promise<void> {
  const socket = await connectSoon(socketPath);
  const send = (execute: string): unknown => socket.write(`${JSON.stringify({ execute })}\n`);
  await new Promise<void>((resolve, reject) => {
    let text = '';
    let answers = 0;
    socket.once('error', reject);
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8');
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const message = JSON.parse(line) as { QMP?: unknown; return?: { status?: string } };
        if (message.QMP !== undefined) send('qmp_capabilities');
        if (message.return === undefined) continue;
        if (message.return.status === 'running') resolve();
        else send(answers++ === 0 ? 'cont' : 'query-status');
      }
    });
  });
  socket.destroy();
}

async function connectSoon(socketPath: string): Promise<net.Socket> {
  for (;;) {
    const socket = net.connect(socketPath);
    const connected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (connected) return socket;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The benchmark watches a file grow, so it has to look again and again: once a millisecond. */
async function firstByteOf(file: string, began: number): Promise<number> {
  for (;;) {
    if (existsSync(file) && statSync(file).size > 0) return performance.now() - began;
    if (performance.now() - began > 120_000) throw new Error(`Nothing was written to ${file}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function firstByteBelow(folder: string, began: number): Promise<number> {
  const [owner] = await foldersIn(folder);
  const file = join(folder, owner ?? '', 'serial.log');
  // The log of the run before is moved away at the start: what counts is a file younger than this run.
  const young = (): boolean => existsSync(file) && statSync(file).ctimeMs >= performance.timeOrigin + began && statSync(file).size > 0;
  while (!young()) {
    if (performance.now() - began > 120_000) throw new Error(`Nothing was written to ${file}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return performance.now() - began;
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  const { readdir } = await import('node:fs/promises');
  for (;;) {
    const names = existsSync(folder) ? await readdir(folder) : [];
    if (names.length > 0) return names;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
