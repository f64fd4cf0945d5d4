// Owns the proof of limits on a booted guest: a share of a processor, changed while it runs, and the kill at the end of memory, named.
// Must not reach into the core: whatever is asked of it here, any client can ask.
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createLimits } from '../../electron/host/limits/limits.ts';
import type { Evidence } from '../../electron/api/evidence.ts';
import { startCore, type CoreProcess } from '../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath, verbPath } from '../bench/machines.ts';
import { recordingLog } from '../fakes/recording-log.ts';
import { type Console, openConsole } from './console.ts';
import { guestMachine } from './guest-machine.ts';
import { tinyLinuxDisk, tinyLinuxReady } from './tiny-linux.ts';

const mebibyte = 1024 * 1024;
const { by } = await createLimits({ log: recordingLog() }).abilities();
const memoryRoot = by === 'cgroup v1' ? '/sys/fs/cgroup/memory' : '/sys/fs/cgroup';
const limitFile = by === 'cgroup v1' ? 'memory.limit_in_bytes' : 'memory.max';
const usageFile = by === 'cgroup v1' ? 'memory.usage_in_bytes' : 'memory.current';

let core: CoreProcess;
let disk: string;
let attempts = 0;

beforeAll(async () => {
  core = await startCore();
  disk = join(core.dataDir.replace(/\/data$/, ''), 'limits.img');
  copyFileSync(await tinyLinuxDisk(), disk);
});

afterAll(async () => {
  await core.end();
  core.remove();
});

function machine(name: string): object {
  const resources = { requests: { cpu: '250m', memory: '256Mi' }, limits: { cpu: '2', memory: '300Mi' } };
  const domain = { cpu: { sockets: 1, cores: 1, threads: 1 }, resources };
  return guestMachine(name, { disk, runStrategy: 'Manual', domain, devices: { autoattachGraphicsDevice: false } });
}

interface Instance {
  readonly metadata: { readonly uid: string };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}

async function instance(name: string): Promise<Instance> {
  return (await core.request({ path: `${instancesPath}/${name}` })) as Instance;
}

/** The first that is in the folders that this way of limiting uses. */
function groupOf({ metadata: { uid } }: Instance): string {
  const folder = join(memoryRoot, 'virtdeck', uid.slice(0, 13));
  if (!existsSync(folder)) throw new Error(`${folder} is not there`);
  return folder;
}

const numberIn = (file: string): number => Number(readFileSync(file, 'utf8').trim());

/** Periods in which it was braked, of those in which it wanted to run, while the guest spins for so many of them. */
async function brakedShare(folder: string, periods: number): Promise<number> {
  const stat = (): { readonly all: number; readonly braked: number } => {
    const text = readFileSync(join(folder, 'cpu.stat'), 'utf8');
    const row = (key: string): number => Number(new RegExp(`^${key} (\\d+)$`, 'm').exec(text)?.[1]);
    return { all: row('nr_periods'), braked: row('nr_throttled') };
  };
  const before = stat();
  await expect.poll(() => stat().all - before.all, { timeout: 120_000, interval: 200 }).toBeGreaterThanOrEqual(periods);
  const after = stat();
  return (after.braked - before.braked) / (after.all - before.all);
}

test.skipIf(by !== 'cgroup v1' && by !== 'cgroup v2')(`a guest is held to its limits by ${by}, and its end is named`, async () => {
  attempts += 1;
  const name = `held-${attempts}`;
  onTestFinished(async () => {
    const gone = awaitPhase(core, name, 'gone');
    await core.request({ method: 'DELETE', path: `${machinesPath}/${name}`, body: { gracePeriodSeconds: 0 } });
    await gone;
  });
  await core.request({ method: 'POST', path: machinesPath, body: machine(name) });
  await core.request({ method: 'PUT', path: verbPath(name, 'start') });
  await awaitPhase(core, name, 'Running');
  const running = await instance(name);
  expect(running.status?.conditions?.find(({ type }) => type === 'LimitsEnforced')).toMatchObject({ status: 'True' });
  const memory = groupOf(running);
  const cpu = by === 'cgroup v1' ? memory.replace('/memory/', '/cpu/') : memory;
  // The guest's and what QEMU needs.
  expect(numberIn(join(memory, limitFile))).toBeGreaterThan(300 * mebibyte);
  const terminal: Console = await openConsole(core.socket, name);
  try {
    await terminal.waitFor(new RegExp(tinyLinuxReady), 240_000);
    terminal.type('(while :; do :; done) & echo spin$((40+2))\n');
    await terminal.waitFor(/spin42/, 60_000);

    // A quarter of a processor, while it runs: a guest that spins is braked in nearly every period; with two it never is.
    const free = await brakedShare(cpu, 20);
    await limitCpu(name, '250m');
    const held = await brakedShare(cpu, 40);
    console.log(
      `braked in ${Math.round(held * 100)} % of the periods with a quarter of a processor, in ${Math.round(free * 100)} % with two`,
    );
    expect(held).toBeGreaterThan(0.5);
    expect(free).toBeLessThan(held / 4);
    await limitCpu(name, '2');

    // A limit that leaves room for QEMU is one that this guest alone does not reach: it is lowered under it, as the kernel sees it.
    const low = Math.ceil(numberIn(join(memory, usageFile)) / mebibyte) * mebibyte + 16 * mebibyte;
    writeFileSync(join(memory, limitFile), String(low));
    terminal.type('mount -t tmpfs tmpfs /tmp && dd if=/dev/zero of=/tmp/full bs=1M count=180; echo filled\n');
    await awaitPhase(core, name, 'Failed');
    const failed = await instance(name);
    const said = failed.status?.conditions?.find(({ type }) => type === 'Ready')?.message ?? '';
    expect(said).toMatch(
      new RegExp(
        `^The kernel ended QEMU because the machine reached its memory limit of ${low / mebibyte} MiB \\(control group /virtdeck/\\S+\\)\\. It had used up to \\d+ MiB\\.`,
      ),
    );
    // Kept before the machine is cleaned up, after its status says how it ended.
    await expect.poll(() => kept(name), { timeout: 30_000 }).toEqual([['OutOfMemory', said]]);
    await expect.poll(() => existsSync(memory) || existsSync(cpu), { timeout: 30_000 }).toBe(false);
  } finally {
    terminal.close();
  }
});

async function kept(name: string): Promise<readonly (readonly [string, string])[]> {
  const path = `/apis/virtdeck.io/v1alpha1/namespaces/default/virtualmachineinstances/${name}/evidence`;
  const { items } = (await core.request({ path })) as { items: readonly Evidence[] };
  return items.map(({ reason, message }) => [reason, message]);
}

/** Resolves when the running machine has it. */
async function limitCpu(name: string, value: string): Promise<void> {
  const body = { spec: { template: { spec: { domain: { resources: { limits: { cpu: value } } } } } } };
  await core.request({ method: 'PATCH', path: `${machinesPath}/${name}`, body, contentType: 'application/merge-patch+json' });
  const said = `limits.cpu at ${value === '2' ? '2000' : value.replace('m', '')}m`;
  const message = async (): Promise<string> =>
    (await instance(name)).status?.conditions?.find(({ type }) => type === 'LimitsEnforced')?.message ?? '';
  await expect.poll(message, { timeout: 60_000 }).toContain(said);
}
