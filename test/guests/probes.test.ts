// Owns the proof of probes on guests: a web server, asked through the user network, and the guest agent.
// Must not reach into the core: whatever is seen here, any client sees.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCore, type CoreProcess } from '../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath } from '../bench/machines.ts';
import { type Console, openConsole } from './console.ts';
import { guestMachine } from './guest-machine.ts';
import { tinyLinuxDisk, type TinyLinuxOptions, tinyLinuxReady } from './tiny-linux.ts';
import { untilState, type Watched } from './watched.ts';

// Late enough for a slow boot, and for what is asked of the guest before.
const late = { initialDelaySeconds: 60, periodSeconds: 2, failureThreshold: 30, timeoutSeconds: 2 };
const soon = { periodSeconds: 1, failureThreshold: 2, timeoutSeconds: 5 };
const served = { readinessProbe: { httpGet: { port: 80, path: '/ready' }, ...soon }, livenessProbe: { tcpSocket: { port: 80 }, ...late } };
const answering = { readinessProbe: { guestAgentPing: {}, ...soon }, livenessProbe: { guestAgentPing: {}, ...late } };

let core: CoreProcess;
/** Both boot at once. */
let web: Console;
let agent: Console;

async function booted(name: string, probes: object, options: TinyLinuxOptions = {}): Promise<Console> {
  const disk = join(core.dataDir.replace(/\/data$/, ''), `${name}.img`);
  copyFileSync(await tinyLinuxDisk(options), disk);
  const spec = { terminationGracePeriodSeconds: 1, networks: [{ name: 'default', pod: {} }], ...probes };
  const devices = { interfaces: [{ name: 'default', masquerade: {} }] };
  await core.request({ method: 'POST', path: machinesPath, body: guestMachine(name, { disk, spec, devices }) });
  await awaitPhase(core, name, 'Running');
  const terminal = await openConsole(core.socket, name);
  await terminal.waitFor(new RegExp(tinyLinuxReady), 240_000);
  return terminal;
}

beforeAll(async () => {
  core = await startCore();
  [web, agent] = await Promise.all([booted('web', served), booted('agent', answering, { agent: true })]);
});

afterAll(async () => {
  for (const terminal of [web, agent]) terminal.close();
  await core.request({ method: 'DELETE', path: machinesPath, body: { gracePeriodSeconds: 0 } });
  await Promise.all(['web', 'agent'].map((name) => awaitPhase(core, name, 'gone')));
  await core.end();
  core.remove();
});

type Condition = NonNullable<NonNullable<Watched['status']>['conditions']>[number];

const until = (name: string, isIt: (vmi: Watched) => boolean): Promise<Watched> => untilState(core, { path: instancesPath, name }, isIt);

function readyOf({ status }: Watched): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === 'Ready');
}

const untilReady = async (name: string, status: 'True' | 'False'): Promise<Condition | undefined> =>
  readyOf(await until(name, (vmi) => readyOf(vmi)?.status === status));

test('ready when its web server answers, and not before; not ready when it answers no more', async () => {
  const before = readyOf(await until('web', () => true));
  expect([before?.status, before?.reason]).toEqual(['False', 'ContainersNotReady']);
  web.type('ifconfig eth0 10.0.2.2 up; mkdir -p /www; echo yes > /www/ready; httpd -p 80 -h /www; echo serving\n');
  await web.waitFor(/serving/, 60_000);
  await untilReady('web', 'True');
  web.type('rm /www/ready\n');
  expect((await untilReady('web', 'False'))?.message).toBe('HTTP probe: the guest answered 404.');
});

test('ready while its agent answers', async () => {
  await untilReady('agent', 'True');
  agent.type('killall qemu-ga; echo silent\n');
  expect((await untilReady('agent', 'False'))?.message).toMatch(/^The guest agent does not run in the guest\./);
});

test('guests that do not live any more are ended, and made anew', async () => {
  const isRun = (metadata: Watched['metadata'], uid: string): boolean => metadata.uid === uid;
  web.type('killall httpd\n');
  const told = ['web', 'agent'].map(async (name) => {
    const { uid } = (await until(name, () => true)).metadata;
    const ended = await until(name, ({ metadata, status }) => isRun(metadata, uid) && status?.phase === 'Failed');
    await until(name, ({ metadata, status }) => !isRun(metadata, uid) && status?.phase === 'Running');
    return readyOf(ended)?.message;
  });
  const message = 'The liveness probe failed, and the machine was ended.';
  expect(await Promise.all(told)).toEqual([message, message]);
});
