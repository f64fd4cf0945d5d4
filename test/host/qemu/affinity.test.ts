// Owns the proof that threads are moved, all in one go, and that a refusal of the kernel is told.
// Must not start a QEMU: any program with threads will do.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { AppError } from '../../../electron/api/errors.ts';
import { pinThreads } from '../../../electron/host/qemu/affinity.ts';

const started: number[] = [];
afterEach(() => {
  for (const pid of started.splice(0)) process.kill(pid, 'SIGKILL');
});

/** A program of some threads, of which two play vCPUs and one an I/O thread. */
async function machine() {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")'], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  started.push(pid);
  const [, first = 0, second = 0, io = 0] = readdirSync(`/proc/${pid}/task`).map(Number);
  const qmp = async (command: string) =>
    command === 'query-iothreads'
      ? [{ id: 'iothread0', 'thread-id': io }]
      : [
          { 'cpu-index': 1, 'thread-id': second },
          { 'cpu-index': 0, 'thread-id': first },
        ];
  return { pid, qmp, first, second, io };
}

function allowed(pid: number, thread = pid): string | undefined {
  return /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8'))?.[1];
}

test.skipIf(availableParallelism() < 2)('vCPUs, I/O threads and all others go where they belong; a second time nothing moves', async () => {
  const { pid, qmp, first, second, io } = await machine();
  const places = { vcpus: [1, 0], ioThreads: { iothread0: [0, 1] }, cpus: [1] };
  const moved = await pinThreads({ pid, qmp }, places);
  const others = readdirSync(`/proc/${pid}/task`)
    .map(Number)
    .filter((thread) => ![first, second, io].includes(thread));
  expect({
    vcpus: [allowed(pid, first), allowed(pid, second)],
    others: [...new Set(others.map((thread) => allowed(pid, thread)))],
    isEnough: moved >= 3,
    again: await pinThreads({ pid, qmp }, places),
  }).toEqual({ vcpus: ['1', '0'], others: ['1'], isEnough: true, again: 0 });
});

test('a vCPU of real time goes before everything else', { skip: process.geteuid?.() !== 0 }, async () => {
  const { pid, qmp, first, second } = await machine();
  await pinThreads({ pid, qmp }, { vcpus: [0, 0], realtime: [1] });
  const policy = (thread: number): string => readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8').split(') ')[1]?.split(' ')[38] ?? '';
  expect([policy(first), policy(second)]).toEqual(['0', '1']);
});

test.each([
  { name: 'a processor that is not there', places: { cpus: [4095] }, words: /may run on processors \S+ instead of 4095/ },
  { name: 'another number of vCPUs', places: { vcpus: [0] }, words: /QEMU has 2 vCPU threads, 1 were to be pinned/ },
])('$name is refused', async ({ places, words }) => {
  const { pid, qmp } = await machine();
  const refused: unknown = await pinThreads({ pid, qmp }, places).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(AppError);
  expect(String(refused)).toMatch(words);
});
