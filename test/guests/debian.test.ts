// Owns the proof of a Debian built here, through the API: cloud-init's hostname, login on the serial console and by ssh, a UDP port,
// what the guest agent says and does.
// Must not reach into the core.
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startCore, type CoreProcess } from '../bench/core-process.ts';
import { awaitPhase, machinesPath, runVerbPath, verbPath } from '../bench/machines.ts';
import { spawnVirtdeck, virtdeck } from '../server/cli-process.ts';
import { type Console, openConsole } from './console.ts';

let core: CoreProcess;
// Each try has a core of its own: what the first one made would refuse the second.
beforeEach(async () => {
  core = await startCore();
});
afterEach(async () => {
  await core.end();
  core.remove();
});

/** A key of this test, and what lets it in. */
function sshKey(): { readonly file: string; readonly authorized: string } {
  const file = join(dirname(core.dataDir), 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', file]);
  return { file, authorized: readFileSync(`${file}.pub`, 'utf8').trim() };
}

const userData = (authorizedKey: string): string => `#cloud-config
hostname: built-here
users:
  - name: me
    plain_text_passwd: secret
    lock_passwd: false
    sudo: ALL=(ALL) NOPASSWD:ALL
    shell: /bin/bash
    ssh_authorized_keys: ['${authorizedKey}']
`;

const debian = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name: 'debian' },
  spec: {
    runStrategy: 'Always',
    dataVolumeTemplates: [
      {
        metadata: { name: 'debian-disk' },
        spec: { source: { mmdebstrap: {} }, storage: { resources: { requests: { storage: '4Gi' } } } },
      },
    ],
    template: {
      spec: {
        domain: {
          memory: { guest: '1Gi' },
          devices: {
            disks: [
              { name: 'disk', disk: { bus: 'virtio' } },
              { name: 'seed', disk: { bus: 'virtio' } },
            ],
            interfaces: [{ name: 'default', masquerade: {} }],
          },
        },
        networks: [{ name: 'default', pod: {} }],
        volumes: [
          { name: 'disk', dataVolume: { name: 'debian-disk' } },
          { name: 'seed', cloudInitNoCloud: { secretRef: { name: 'debian-user' } } },
        ],
      },
    },
  },
};

test('build, boot, log in, by ssh too, a port, the agent, reboot, shut down', { timeout: 1_200_000 }, async () => {
  const key = sshKey();
  await core.request({
    method: 'POST',
    path: '/api/v1/namespaces/default/secrets',
    body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'debian-user' }, stringData: { userdata: userData(key.authorized) } },
  });
  await core.request({ method: 'POST', path: machinesPath, body: debian });
  await progressOf('debian-disk');
  await awaitPhase(core, 'debian', 'Running');
  const terminal = await openConsole(core.socket, 'debian');
  await logIn(terminal);
  // One line of one write: cloud-init and the kernel still print in between.
  terminal.type('echo "[$(hostname) $(sudo id -u)]"\n');
  await terminal.waitFor(/\[built-here 0\]/, 60_000);

  await agentConnected();
  const asked = async (part: string): Promise<unknown> =>
    core.request({ path: `/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/debian/${part}` });
  expect(await asked('guestosinfo')).toMatchObject({ hostname: 'built-here', os: { id: 'debian' } });
  expect(await asked('filesystemlist')).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ mountPoint: '/', fileSystemType: 'ext4' })]) as unknown,
  });
  expect(await asked('userlist')).toMatchObject({ items: [{ userName: 'me' }] });

  const places = { data: core.dataDir, run: core.runDir };
  const remotely = (command: string): ReturnType<typeof virtdeck> =>
    virtdeck(places, ['ssh', 'me@vm/debian', '-i', key.file, ...sshOptions(), '--', command]);
  expect(await remotely('hostname; echo $SSH_CONNECTION')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^built-here\n/) as string,
  });
  expect(await remotely('exit 7')).toMatchObject({ status: 7 });
  expect(await remotely(`sudo systemd-run --quiet python3 -c "${echoServer}"`)).toMatchObject({ status: 0 });
  expect(await overUdp(places, 'question')).toBe('heard question');

  await core.request({ method: 'PUT', path: runVerbPath('debian', 'softreboot'), body: {} });
  await terminal.waitFor(/reboot: Restarting system/, 120_000);
  await terminal.waitFor(/built-here login:/, 400_000);
  terminal.close();

  const gone = awaitPhase(core, 'debian', 'gone');
  await core.request({ method: 'PUT', path: verbPath('debian', 'stop'), body: {} });
  await gone;
});

/** Of nobody's home. */
function sshOptions(): readonly string[] {
  const known = join(dirname(core.dataDir), 'known_hosts');
  return [`-o UserKnownHostsFile=${known}`, '-o StrictHostKeyChecking=accept-new', '-o BatchMode=yes'].flatMap((option) => ['-t', option]);
}

const port = 5353;
const echoServer = `import socket; s=socket.socket(type=socket.SOCK_DGRAM); s.bind(('',${port})); [s.sendto(b'heard '+m,a) for m,a in iter(lambda:s.recvfrom(99),0)]`;

/** As `virtctl port-forward vm/debian udp/0:5353` leads it. A datagram may be lost, most of all before the guest listens. */
async function overUdp(places: Parameters<typeof spawnVirtdeck>[0], text: string): Promise<string> {
  const child = spawnVirtdeck(places, ['port-forward', 'vm/debian', `udp/0:${port}`]);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const local = Number(/^Forwarding from 127\.0\.0\.1:(\d+) -> 5353\/udp\n$/.exec(line.toString())?.[1]);
  const socket = createSocket('udp4');
  const again = setInterval(() => socket.send(text, local, '127.0.0.1'), 500);
  const [answer] = (await once(socket, 'message')) as [Buffer];
  clearInterval(again);
  socket.close();
  child.kill('SIGTERM');
  await once(child, 'exit');
  return answer.toString();
}

/** The prompt is there before cloud-init has made the user: as a person would, try again until it lets us in. */
async function logIn(terminal: Console): Promise<void> {
  await terminal.waitFor(/built-here login:/, 400_000);
  for (let attempt = 0; attempt < 20; attempt++) {
    terminal.type('me\n');
    await terminal.waitFor(/Password:/, 60_000);
    terminal.type('secret\n');
    const [answer] = await terminal.waitFor(/me@built-here|Login incorrect[^]*login:/, 120_000);
    if (answer.startsWith('me@')) return;
  }
  throw new Error('cloud-init made no user that can log in');
}

type Line = {
  type: string;
  object: { status?: { phase?: string; progress?: string; conditions?: readonly { type: string; status: string; message?: string }[] } };
};

/** Waits until the disk is built; its progress must have been told on the way. */
async function progressOf(name: string): Promise<void> {
  const seen = new Set<string>();
  const path = `/apis/cdi.kubevirt.io/v1beta1/namespaces/default/datavolumes?watch=true&fieldSelector=metadata.name%3D${name}`;
  for await (const line of core.lines({ path })) {
    const { phase, progress, conditions } = (line as Line).object.status ?? {};
    if (progress !== undefined) seen.add(progress);
    if (phase === 'Failed') throw new Error(JSON.stringify(conditions));
    if (phase === 'Succeeded') break;
  }
  expect(seen.size).toBeGreaterThan(3);
}

async function agentConnected(): Promise<void> {
  const abort = new AbortController();
  const path = '/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances?watch=true&fieldSelector=metadata.name%3Ddebian';
  for await (const line of core.lines({ path, signal: abort.signal })) {
    const { conditions } = (line as Line).object.status ?? {};
    if (conditions?.some(({ type, status }) => type === 'AgentConnected' && status === 'True') === true) break;
  }
  abort.abort();
}
