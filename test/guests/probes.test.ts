// Owns the proof of probes and of the crash loop on a guest: its own web server, asked through the user network.
// Must not reach into the core: whatever is seen here, any client sees.
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCore, type CoreProcess } from '../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath, verbPath } from '../bench/machines.ts';
import { type Console, openConsole } from './console.ts';
import { tinyLinuxDisk, tinyLinuxReady } from './tiny-linux.ts';

const name = 'probed';
let core: CoreProcess;
let terminal: Console;

beforeAll(async () => {
  core = await startCore();
  const disk = join(core.dataDir.replace(/\/data$/, ''), 'probed.img');
  copyFileSync(await tinyLinuxDisk(), disk);
  await core.request({ method: 'POST', path: machinesPath, body: machine(disk) });
  await awaitPhase(core, name, 'Running');
  terminal = await openConsole(core.socket, name);
  await terminal.waitFor(new RegExp(tinyLinuxReady), 240_000);
});

afterAll(async () => {
  terminal.close();
  await core.request({ method: 'DELETE', path: `${machinesPath}/${name}`, body: { gracePeriodSeconds: 0 } });
  await core.end();
  core.remove();
});

function machine(disk: string): object {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name },
    spec: {
      runStrategy: 'Always',
      template: {
        spec: {
          terminationGracePeriodSeconds: 1,
          readinessProbe: { httpGet: { port: 80, path: '/ready' }, periodSeconds: 1, failureThreshold: 2, timeoutSeconds: 5 },
          // Late enough for a slow boot, and for what is asked of the guest before.
          livenessProbe: { tcpSocket: { port: 80 }, initialDelaySeconds: 60, periodSeconds: 2, failureThreshold: 30, timeoutSeconds: 2 },
          domain: {
            memory: { guest: '256Mi' },
            devices: { disks: [{ name: 'disk', disk: { bus: 'virtio' } }], interfaces: [{ name: 'default', masquerade: {} }] },
          },
          networks: [{ name: 'default', pod: {} }],
          volumes: [{ name: 'disk', hostDisk: { path: disk, type: 'Disk' } }],
        },
      },
    },
  };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

interface Watched {
  readonly metadata: { readonly uid: string };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly Condition[];
    readonly printableStatus?: string;
    readonly startFailure?: { readonly consecutiveFailCount?: number; readonly retryAfterTimestamp?: string };
  };
}

/** The first state for which `isIt` says so, on the watch. */
async function until(path: string, isIt: (object: Watched) => boolean): Promise<Watched> {
  const abort = new AbortController();
  const deadline = setTimeout(() => abort.abort(), 240_000);
  try {
    for await (const line of core.lines({ path: `${path}?watch=true&fieldSelector=metadata.name%3D${name}`, signal: abort.signal })) {
      const { type, object } = line as { type: string; object: Watched };
      if (type !== 'DELETED' && isIt(object)) return object;
    }
    throw new Error(`${name} did not come to that state within four minutes`);
  } finally {
    clearTimeout(deadline);
    abort.abort();
  }
}

function readyOf({ status }: Watched): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === 'Ready');
}

test('ready when its web server answers, and not before; not ready when it answers no more', async () => {
  const before = readyOf(await until(instancesPath, () => true));
  expect([before?.status, before?.reason]).toEqual(['False', 'ContainersNotReady']);
  terminal.type('ifconfig eth0 10.0.2.2 up; mkdir -p /www; echo yes > /www/ready; httpd -p 80 -h /www; echo serving\n');
  await terminal.waitFor(/serving/, 60_000);
  await until(instancesPath, (vmi) => readyOf(vmi)?.status === 'True');
  terminal.type('rm /www/ready\n');
  const after = readyOf(await until(instancesPath, (vmi) => readyOf(vmi)?.status === 'False'));
  expect(after?.message).toBe('HTTP probe: the guest answered 404.');
});

test('a guest whose port nobody listens on any more is ended, and made anew', async () => {
  const { uid } = (await until(instancesPath, () => true)).metadata;
  terminal.type('killall httpd\n');
  const ended = await until(instancesPath, ({ metadata, status }) => metadata.uid === uid && status?.phase === 'Failed');
  expect(readyOf(ended)?.message).toBe('The liveness probe failed, and the machine was ended.');
  await until(instancesPath, ({ metadata, status }) => metadata.uid !== uid && status?.phase === 'Running');
});

test('a machine that dies at once: counted, later and later, until it is stopped', async () => {
  const seen: unknown[] = [];
  for (const count of [1, 2]) {
    const { uid } = (await until(instancesPath, ({ status }) => status?.phase === 'Running')).metadata;
    process.kill(pidOf(uid), 'SIGKILL');
    const { status } = await until(machinesPath, (vm) => vm.status?.startFailure?.consecutiveFailCount === count);
    const waitMs = Date.parse(status?.startFailure?.retryAfterTimestamp ?? '') - Date.now();
    seen.push([status?.printableStatus, Math.ceil(waitMs / 10_000)]);
  }
  expect(seen).toEqual([
    ['CrashLoopBackOff', 1],
    ['CrashLoopBackOff', 4],
  ]);
  await core.request({ method: 'PUT', path: verbPath(name, 'stop'), body: {} });
  await until(machinesPath, ({ status }) => status?.printableStatus === 'Stopped' && status.startFailure === undefined);
});

function pidOf(uid: string): number {
  const runDir = readdirSync(core.runDir).find((folder) => uid.startsWith(folder)) ?? '';
  return Number(readFileSync(join(core.runDir, runDir, 'qemu.pid'), 'utf8'));
}
