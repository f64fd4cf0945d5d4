// Owns the proof that programs beside QEMU are started, found again, watched and ended.
// Must not start QEMU; the guests' tests do.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { LaunchPlan, Sidecar } from '../../electron/core/qemu/launch-plan.ts';
import { isRunning } from '../../electron/host/proc.ts';
import type { ProcessId } from '../../electron/host/proc.ts';
import { identityOf, readIdentity, writeIdentity } from '../../electron/host/qemu/identity.ts';
import { endSidecars, startSidecars, watchSidecars } from '../../electron/host/sidecars.ts';
import type { SidecarEnd } from '../../electron/host/sidecars.ts';
import { scriptPlan } from './qemu/plan.ts';
import { tempDir } from './temp-dir.ts';

/** Keeps what it read from descriptor 3, then listens until it is ended. */
const listens = `
const [socket, secret] = process.argv.slice(1);
const fs = require('node:fs');
if (secret !== undefined) fs.writeFileSync(secret, fs.readFileSync(3));
process.on('SIGTERM', () => { fs.writeFileSync(socket + '.ended', ''); process.exit(0); });
require('node:net').createServer().listen(socket);`;

const stubborn = `process.on('SIGTERM', () => undefined); require('node:net').createServer().listen(process.argv[1]);`;

interface Made {
  readonly plan: LaunchPlan;
  readonly sidecar: Sidecar;
}

async function made(script: string, more: Partial<Sidecar> = {}): Promise<Made> {
  const folder = tempDir();
  const [runDir, stateDir] = [`${folder}/run`, `${folder}/state`];
  await mkdir(runDir);
  await mkdir(stateDir);
  const socket = `${runDir}/tpm.sock`;
  const args = ['-e', script, socket, ...(more.secret === undefined ? [] : [`${stateDir}/secret`])];
  const sidecar: Sidecar = {
    name: 'chip',
    program: process.execPath,
    args,
    socket,
    log: `${stateDir}/chip.log`,
    serves: 'The TPM',
    field: 'spec.domain.devices.tpm',
    ...more,
  };
  const plan = { ...scriptPlan({ runDir, stateDir }, ''), sidecars: [sidecar] };
  await writeIdentity(runDir, identityOf(plan, 'boot'));
  onTestFinished(() => endSidecars(runDir));
  return { plan, sidecar };
}

const unscoped = (): readonly string[] => [];

async function processOf({ runDir }: LaunchPlan): Promise<ProcessId> {
  const process = (await readIdentity(runDir))?.sidecars?.[0]?.process;
  if (process === undefined) throw new Error('Nobody wrote down the process.');
  return process;
}

test('one is started, written down, and ended politely; its secret is on descriptor 3 alone', async () => {
  const { plan, sidecar } = await made(listens, { secret: 'correct horse' });
  await startSidecars({ plan, scoped: unscoped });
  const process = await processOf(plan);
  const commandLine = readFileSync(`/proc/${process.pid}/cmdline`, 'utf8') + readFileSync(`/proc/${process.pid}/environ`, 'utf8');
  expect([await isRunning(process), existsSync(sidecar.socket), commandLine.includes('correct horse')]).toEqual([true, true, false]);
  expect(readFileSync(`${plan.stateDir}/secret`, 'utf8')).toBe('correct horse');
  await endSidecars(plan.runDir);
  expect([await isRunning(process), existsSync(`${sidecar.socket}.ended`)]).toEqual([false, true]);
});

test('one that nobody wrote down is found by its socket', async () => {
  const { plan, sidecar } = await made(listens);
  await startSidecars({ plan, scoped: unscoped });
  const process = await processOf(plan);
  // As after a kill of the core between starting it and writing that down.
  await writeIdentity(plan.runDir, identityOf(plan, 'boot'));
  await endSidecars(plan.runDir);
  expect([await isRunning(process), existsSync(`${sidecar.socket}.ended`)]).toEqual([false, true]);
});

test('one that does not listen to reason is killed', { timeout: 60_000 }, async () => {
  const { plan } = await made(stubborn);
  await startSidecars({ plan, scoped: unscoped });
  const process = await processOf(plan);
  await endSidecars(plan.runDir);
  expect(await isRunning(process)).toBe(false);
});

test.each([
  { name: 'its last words', script: 'console.error("first\\nno state in /x"); process.exit(3)', words: 'chip ended. no state in /x' },
  { name: 'that it said nothing', script: 'process.exit(0)', words: 'chip ended. It said nothing.' },
])('one that ends before its socket is there tells $name', async ({ script, words }) => {
  const { plan } = await made(script);
  await expect(startSidecars({ plan, scoped: unscoped })).rejects.toMatchObject({
    code: 'SidecarFailed',
    message: `The TPM of the machine could not be started: ${words}`,
    causes: [{ reason: 'SidecarFailed', field: 'spec.domain.devices.tpm' }],
  });
});

test('a program that is not there', async () => {
  const { plan } = await made(listens, { program: '/nowhere/swtpm' });
  await expect(startSidecars({ plan, scoped: unscoped })).rejects.toMatchObject({ code: 'SidecarFailed' });
});

test('the end of one is told once, with what it said last; not after letting go', { timeout: 60_000 }, async () => {
  const { plan } = await made(`console.error('out of luck'); ${stubborn}`);
  await startSidecars({ plan, scoped: unscoped });
  const identity = await readIdentity(plan.runDir);
  const told: SidecarEnd[] = [];
  const unheard: SidecarEnd[] = [];
  const stop = watchSidecars(identity?.sidecars ?? [], (end) => told.push(end));
  watchSidecars(identity?.sidecars ?? [], (end) => unheard.push(end))();
  onTestFinished(stop);
  process.kill((await processOf(plan)).pid, 'SIGKILL');
  await vi.waitFor(() => expect(told).toEqual([{ name: 'chip', serves: 'The TPM', message: 'out of luck' }]), { timeout: 30_000 });
  expect(unheard).toEqual([]);
});
