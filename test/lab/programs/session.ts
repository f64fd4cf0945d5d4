// Owns a run of the product under a real systemd: started with the session of its user, its machines in their order, asleep and awake.
// Must not judge what came of it; the test does.
import { execFile } from 'node:child_process';
import { watch } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { requestJson, requestLines } from '../../../electron/cli/connection.ts';
import { startCore } from '../../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath } from '../../bench/machines.ts';
import { guestMachine } from '../../guests/guest-machine.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';

const run = promisify(execFile);
const systemctl = async (...args: readonly string[]): Promise<string> => (await run('systemctl', args)).stdout.trim();

/** What its user would see in `systemctl status`; exits with 3 when it is not there. */
async function service(property: string): Promise<string> {
  return systemctl('--user', 'show', '--value', '-p', property, 'virtdeck.service');
}

const delaySeconds = 6;

function machine(name: string, order: number): object {
  const notes = { 'virtdeck.io/start-order': `${order}`, 'virtdeck.io/start-delay': `${delaySeconds}` };
  return guestMachine(name, { memory: '32Mi', notes, devices: { autoattachGraphicsDevice: false } });
}

interface Run {
  readonly metadata: { readonly name: string; readonly uid: string; readonly creationTimestamp: string };
  readonly status?: {
    readonly phase?: string;
    readonly phaseTransitionTimestamps?: readonly { readonly phase: string; readonly phaseTransitionTimestamp: string }[];
    readonly conditions?: readonly { readonly type: string; readonly reason?: string }[];
  };
}

/** The socket of a core that somebody else starts. */
async function appears(file: string): Promise<void> {
  const abort = new AbortController();
  const changes = watch(join(file, '..'), { signal: abort.signal });
  await new Promise<void>((resolve, reject) => {
    const look = (): void =>
      void stat(file).then(
        () => resolve(),
        () => undefined,
      );
    changes.on('change', look);
    changes.on('error', reject);
    look();
  });
  changes.removeAllListeners('error').on('error', () => undefined);
  abort.abort();
}

/** When both run: whether the second was begun as many seconds after the first ran as were asked for. */
async function inOrder(socket: string, names: readonly [string, string], old: ReadonlySet<string>): Promise<boolean> {
  const runs = new Map<string, Run>();
  const abort = new AbortController();
  for await (const line of requestLines({ path: `${instancesPath}?watch=true`, socket, signal: abort.signal })) {
    const { object } = line as { object: Run };
    if (object.status?.phase === 'Running' && !old.has(object.metadata.uid)) runs.set(object.metadata.name, object);
    if (names.every((name) => runs.has(name))) break;
  }
  abort.abort();
  const [first, second] = names.map((name) => runs.get(name));
  const ranAt = first?.status?.phaseTransitionTimestamps?.find(({ phase }) => phase === 'Running')?.phaseTransitionTimestamp;
  return (Date.parse(second?.metadata.creationTimestamp ?? '') - Date.parse(ranAt ?? '')) / 1000 >= delaySeconds;
}

/** The kernel freezes every process, waits five seconds and lets them go on: a real sleep but for the devices, which would lose their files. */
const freezerOnly = async (): Promise<void> => writeFile('/sys/power/pm_test', 'freezer');
const sleptTimes = async (): Promise<number> => Number(await readFile('/sys/power/suspend_stats/success', 'utf8'));

/** Why the machine stood still, over one sleep, and whether its computer waited for it. */
async function sleeps(socket: string, name: string): Promise<object> {
  await freezerOnly();
  const [before, seen] = [await sleptTimes(), [] as string[]];
  const abort = new AbortController();
  const asked = systemctl('suspend');
  let sleptWhenPaused = Number.NaN;
  const path = `${instancesPath}?watch=true&fieldSelector=metadata.name%3D${name}`;
  for await (const line of requestLines({ path, socket, signal: abort.signal })) {
    const { status } = (line as { object: Run }).object;
    const reason = status?.conditions?.find(({ type }) => type === 'Paused')?.reason ?? 'runs';
    if (seen.at(-1) !== reason) seen.push(reason);
    if (reason === 'PausedHostSleep' && Number.isNaN(sleptWhenPaused)) sleptWhenPaused = (await sleptTimes()) - before;
    if (seen.length === 3) break;
  }
  abort.abort();
  await asked;
  return { seen, sleptWhenPaused, sleptAfter: (await sleptTimes()) - before };
}

const main: LabProgramMain = async (lab) => {
  process.env['XDG_RUNTIME_DIR'] = '/run/user/0';
  const without = await startCore();
  lab.report({ withoutSession: await without.request({ path: '/apis/virtdeck.io/v1alpha1/login-start' }) });
  await without.end();

  await systemctl('start', 'user@0.service');
  const core = await startCore();
  await core.request({ method: 'POST', path: machinesPath, body: machine('db', 1) });
  await core.request({ method: 'POST', path: machinesPath, body: machine('app', 2) });
  await awaitPhase(core, 'app', 'Running');
  const { items } = (await core.request({ path: instancesPath })) as { readonly items: readonly Run[] };
  const installed = (await core.request({ method: 'PUT', path: '/apis/virtdeck.io/v1alpha1/login-start', body: { enabled: true } })) as {
    readonly unitFile: string;
  };
  lab.report({ installed, verified: await run('systemd-analyze', ['--user', 'verify', installed.unitFile]) });
  const { socket } = core;
  await core.end();
  await systemctl('stop', 'user@0.service');
  // As when the computer is restarted: machines outlive the core that started them.
  for (const entry of await readdir(core.runDir)) {
    const pid = await readFile(join(core.runDir, entry, 'qemu.pid'), 'utf8').catch(() => undefined);
    if (pid !== undefined) process.kill(Number(pid), 'SIGKILL');
  }

  await systemctl('start', 'user@0.service');
  await appears(socket);
  const ordered = await inOrder(socket, ['db', 'app'], new Set(items.map(({ metadata }) => metadata.uid)));
  lab.report({ state: await service('ActiveState'), inOrder: ordered });

  lab.report(await sleeps(socket, 'db'));

  await requestJson({ socket, method: 'PUT', path: '/apis/virtdeck.io/v1alpha1/login-start', body: { enabled: false } });
  lab.report({
    disabled: await requestJson({ socket, path: '/apis/virtdeck.io/v1alpha1/login-start' }),
    state: await service('ActiveState'),
  });
};

export default main;
