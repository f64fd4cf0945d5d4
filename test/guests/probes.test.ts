// Owns the proof of probes on a guest: its own web server, asked through the user network.
// Must not reach into the core: whatever is seen here, any client sees.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCore, type CoreProcess } from '../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath } from '../bench/machines.ts';
import { type Console, openConsole } from './console.ts';
import { tinyLinuxDisk, tinyLinuxReady } from './tiny-linux.ts';
import { untilState, type Watched } from './watched.ts';

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

type Condition = NonNullable<NonNullable<Watched['status']>['conditions']>[number];

const until = (isIt: (vmi: Watched) => boolean): Promise<Watched> => untilState(core, { path: instancesPath, name }, isIt);

function readyOf({ status }: Watched): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === 'Ready');
}

test('ready when its web server answers, and not before; not ready when it answers no more', async () => {
  const before = readyOf(await until(() => true));
  expect([before?.status, before?.reason]).toEqual(['False', 'ContainersNotReady']);
  terminal.type('ifconfig eth0 10.0.2.2 up; mkdir -p /www; echo yes > /www/ready; httpd -p 80 -h /www; echo serving\n');
  await terminal.waitFor(/serving/, 60_000);
  await until((vmi) => readyOf(vmi)?.status === 'True');
  terminal.type('rm /www/ready\n');
  const after = readyOf(await until((vmi) => readyOf(vmi)?.status === 'False'));
  expect(after?.message).toBe('HTTP probe: the guest answered 404.');
});

test('a guest whose port nobody listens on any more is ended, and made anew', async () => {
  const { uid } = (await until(() => true)).metadata;
  terminal.type('killall httpd\n');
  const ended = await until(({ metadata, status }) => metadata.uid === uid && status?.phase === 'Failed');
  expect(readyOf(ended)?.message).toBe('The liveness probe failed, and the machine was ended.');
  await until(({ metadata, status }) => metadata.uid !== uid && status?.phase === 'Running');
});
