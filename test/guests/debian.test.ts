// Owns the proof of a Debian built here, through the API: cloud-init's hostname, login on the serial console and by ssh, a UDP port,
// what the guest agent says and does, a program that says when it is ready, the watchdog daemon as chapter 8.14.12 has it.
// Must not reach into the core.
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startCore, type CoreProcess } from '../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath, runVerbPath, stopAndForget, verbPath } from '../bench/machines.ts';
import { spawnVirtdeck, virtdeck } from '../server/cli-process.ts';
import { type Console, openConsole } from './console.ts';
import { untilState, type Watched } from './watched.ts';

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
        spec: { source: { mmdebstrap: { packages: ['watchdog', 'pciutils'] } }, storage: { resources: { requests: { storage: '4Gi' } } } },
      },
    ],
    template: {
      spec: {
        readinessProbe: { exec: { command: ['/usr/bin/test', '-e', '/run/ready'] }, periodSeconds: 1, timeoutSeconds: 10 },
        domain: {
          memory: { guest: '1Gi' },
          devices: {
            watchdog: { name: 'watchdog', i6300esb: { action: 'poweroff' } },
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

/**
 * Chapter 8.14.12 as printed, but for what Debian does of its own: it has started the daemon already, without a device, and when the
 * daemon ends wd_keepalive feeds the timer in its place. A time-out of ten seconds instead of a minute spares the test fifty.
 */
const chapter = [
  'lspci | grep watchdog -i',
  "sed -i 's/^#watchdog-device/watchdog-device/' /etc/watchdog.conf",
  'echo watchdog-timeout = 10 >> /etc/watchdog.conf',
  'systemctl stop watchdog.service',
  'systemctl mask wd_keepalive.service',
  'systemctl enable watchdog.service',
];

test('build, boot, log in, by ssh too, a port, the agent, suspend, reboot, kill the watchdog daemon', { timeout: 1_200_000 }, async () => {
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

  await untilRun(isConnected);
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
  expect(await readiness()).toBe('False');
  expect(await remotely('sudo touch /run/ready')).toMatchObject({ status: 0 });
  await untilRun(({ status }) => status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true);
  expect(await remotely(`sudo systemd-run --quiet python3 -c "${echoServer}"`)).toMatchObject({ status: 0 });
  expect(await overUdp(places, 'question')).toBe('heard question');

  terminal.close();
  expect(await remotely('sudo date --set 2001-01-01')).toMatchObject({ status: 0 });
  await suspendAndResume();
  // It was told to believe in another time, and is told the right one when it goes on.
  expect(await remotely("timeout 120 sh -c 'until [ $(date +%Y) -gt 2001 ]; do sleep 1; done'")).toMatchObject({ status: 0 });

  expect(await remotely(`sudo sh -c "${chapter.join(' && ')}"`)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('6300ESB Watchdog Timer') as string,
  });
  const again = await openConsole(core.socket, 'debian');
  await core.request({ method: 'PUT', path: runVerbPath('debian', 'softreboot'), body: {} });
  await again.waitFor(/reboot: Restarting system/, 120_000);
  await again.waitFor(/built-here login:/, 400_000);
  again.close();

  await untilRun(isConnected);
  // Enabled, it was started by the boot: it feeds until it is killed.
  expect(await remotely('systemctl is-system-running --wait > /dev/null; systemctl is-active watchdog.service')).toMatchObject({
    status: 0,
  });
  const { uid } = (await untilRun(() => true)).metadata;
  const failed = untilRun(({ metadata, status }) => metadata.uid === uid && status?.phase === 'Failed');
  expect(await remotely('sudo pkill -9 watchdog')).toMatchObject({ status: 0 });
  await failed;
  await untilRun(({ metadata, status }) => metadata.uid !== uid && status?.phase === 'Running');
  const told = await virtdeck(places, ['evidence', 'debian']);
  expect(told.stdout).toMatch(/ Watchdog +poweroff /);
  await stopAndForget(core, 'debian');
});

const untilRun = (isIt: (vmi: Watched) => boolean): Promise<Watched> => untilState(core, { path: instancesPath, name: 'debian' }, isIt);

async function suspendAndResume(): Promise<void> {
  const gone = awaitPhase(core, 'debian', 'gone');
  await core.request({ method: 'PUT', path: '/apis/virtdeck.io/v1alpha1/namespaces/default/virtualmachines/debian/suspend', body: {} });
  await gone;
  await core.request({ method: 'PUT', path: verbPath('debian', 'start'), body: {} });
  await untilRun(isConnected);
}

async function readiness(): Promise<string | undefined> {
  return (await untilRun(() => true)).status?.conditions?.find(({ type }) => type === 'Ready')?.status;
}

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

function isConnected({ status }: Watched): boolean {
  return status?.conditions?.some((one) => one.type === 'AgentConnected' && one.status === 'True') === true;
}
