// Owns the proof of volumes and of virtctl's wire on one booted guest: a container disk from a real registry with accounts, a ConfigMap as a medium,
// disks plugged in and out before and after kill -9, a port of the guest.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { VirtualMachineInstance } from '../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import { awaitPhase, instancesPath, machinesPath, stopAndForget, verbPath } from '../bench/machines.ts';
import { startCore, type CoreProcess } from '../bench/core-process.ts';
import { layerOf, realRegistry } from '../host/images/registry/real-registry.ts';
import { type Console, openConsole } from './console.ts';
import { guestMachine } from './guest-machine.ts';
import { tinyLinuxDisk, tinyLinuxKernel, tinyLinuxReady } from './tiny-linux.ts';

let core: CoreProcess;
beforeAll(async () => {
  core = await startCore();
});
afterAll(async () => {
  // Whatever went wrong above, no guest stays behind.
  await core.request({ method: 'DELETE', path: machinesPath, body: { gracePeriodSeconds: 0 } });
  await allGone();
  await core.end();
  core.remove();
});

const account = { user: 'ada', password: 'geheim', hash: '$2b$04$8QTSlWJjU85dSunh78jvnuVZP8OxeLeNE2D8CuyJpkyTsZiWQOQcC' };

/** The network by hand, as there is no DHCP client's script; port 7 gives back what it hears. */
const commands = [
  'ip link set eth0 up; ip addr add 10.0.2.2/24 dev eth0; ip route add default via 10.0.2.1',
  '(while :; do nc -l -p 7 -e cat; done) &',
];

async function vmi(): Promise<VirtualMachineInstance> {
  return (await core.request({ path: `${instancesPath}/web` })) as VirtualMachineInstance;
}

async function untilRow(name: string, wanted: string): Promise<void> {
  const abort = new AbortController();
  const isThere = (status: VirtualMachineInstance['status']): boolean =>
    (status?.volumeStatus?.find((row) => row.name === name)?.phase ?? 'gone') === wanted;
  for await (const line of core.lines({ path: `${instancesPath}?watch=true&fieldSelector=metadata.name%3Dweb`, signal: abort.signal })) {
    if (isThere((line as { object: VirtualMachineInstance }).object.status)) break;
  }
  abort.abort();
}

async function claim(name: string, storage = '64Mi', format = 'qcow2'): Promise<void> {
  const body = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, annotations: { 'virtdeck.io/disk-format': format } },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
  };
  await core.request({ method: 'POST', path: '/api/v1/namespaces/default/persistentvolumeclaims', body });
}

const add = (name: string, bus: string): object => ({
  name,
  disk: { name, disk: { bus }, serial: name },
  volumeSource: { persistentVolumeClaim: { claimName: name } },
});

async function answer(terminal: Console, command: string, pattern: RegExp): Promise<void> {
  terminal.type(`${command}\n`);
  await terminal.waitFor(pattern, 60_000);
}

/** As virtctl dials it; undefined when the guest refuses the connection. */
async function echoed(port: number, text: string): Promise<string | undefined> {
  const path = `/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/web/portforward/${port}/tcp`;
  const socket = new WebSocket(`ws+unix:${core.socket}:${path}`, ['plain.kubevirt.io'], { perMessageDeflate: false });
  await once(socket, 'open');
  socket.send(Buffer.from(text));
  const heard = await Promise.race([once(socket, 'message').then(([data]) => String(data)), once(socket, 'close').then(() => undefined)]);
  socket.terminate();
  return heard;
}

test('a container disk boots; its volumes, plugged disks and ports are what virtctl finds on a cluster', async () => {
  const registry = await realRegistry({ account, tls: true });
  const image = `${registry.host}/disks/tiny:one`;
  const digest = await registry.push({
    repository: 'disks/tiny',
    tag: 'one',
    layers: [await layerOf({ name: 'disk/tiny.img', bytes: readFileSync(await tinyLinuxDisk({ commands })) })],
  });
  await core.request({
    method: 'PATCH',
    path: '/apis/virtdeck.io/v1alpha1/settings/default',
    contentType: 'application/merge-patch+json',
    body: { spec: { insecureRegistries: [registry.host] } },
  });
  const auth = Buffer.from(`${account.user}:${account.password}`).toString('base64');
  await core.request({
    method: 'POST',
    path: '/api/v1/namespaces/default/secrets',
    body: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'account' },
      type: 'kubernetes.io/dockerconfigjson',
      stringData: { '.dockerconfigjson': JSON.stringify({ auths: { [registry.host]: { auth } } }) },
    },
  });
  await core.request({
    method: 'POST',
    path: '/api/v1/namespaces/default/configmaps',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { 'app.conf': 'colour=blue\n' } },
  });
  for (const name of ['data', 'fast']) await claim(name);
  await claim('dump', '512Mi', 'raw');
  const volumes = [
    { name: 'root', containerDisk: { image, imagePullSecret: 'account' } },
    { name: 'settings', configMap: { name: 'settings' } },
  ];
  await core.request({
    method: 'POST',
    path: machinesPath,
    body: {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachine',
      metadata: { name: 'web' },
      spec: {
        runStrategy: 'Manual',
        template: {
          spec: {
            terminationGracePeriodSeconds: 0,
            domain: {
              memory: { guest: '384Mi' },
              devices: {
                disks: volumes.map(({ name }) => ({ name, disk: { bus: 'virtio' }, serial: name })),
                interfaces: [{ name: 'default', masquerade: {} }],
              },
            },
            networks: [{ name: 'default', pod: {} }],
            volumes,
          },
        },
      },
    },
  });
  const running = awaitPhase(core, 'web', 'Running');
  await core.request({ method: 'PUT', path: verbPath('web', 'start'), body: {} });
  await running;
  expect((await vmi()).status?.volumeStatus?.[0]).toMatchObject({ name: 'root', reason: 'Pulled', message: `${image}@${digest}` });

  const terminal = await openConsole(core.socket, 'web');
  await terminal.waitFor(new RegExp(tinyLinuxReady), 240_000);
  await answer(
    terminal,
    'for d in /dev/vd?; do mount -o ro $d /mnt 2>/dev/null && cat /mnt/app.conf; umount /mnt 2>/dev/null; done',
    /colour=blue/,
  );
  // Its label, in the volume descriptor.
  await answer(terminal, 'for d in /dev/vd?; do echo label=$(dd if=$d bs=1 skip=32808 count=7 2>/dev/null); done', /label=cfgdata/);

  // A SCSI disk, with the controller that this machine had not.
  await core.request({ method: 'PUT', path: verbPath('web', 'addvolume'), body: add('data', 'scsi') });
  await untilRow('data', 'Ready');
  await answer(terminal, 'until [ -b /dev/sda ]; do sleep 1; done; echo plug""ged > /dev/sda; sync; head -c 7 /dev/sda', /plugged/);
  await core.request({ method: 'PUT', path: verbPath('web', 'addvolume'), body: add('fast', 'virtio') });
  await untilRow('fast', 'Ready');
  await answer(terminal, 'until grep -q fast /sys/block/vd?/serial; do sleep 1; done; echo fast-""here', /fast-here/);

  // The next core knows what was plugged in, and takes it out; the guest lets go.
  await core.end('SIGKILL');
  core = await startCore({ folder: core.dataDir.replace(/\/data$/, '') });
  await awaitPhase(core, 'web', 'Running');
  const again = await openConsole(core.socket, 'web');
  for (const name of ['fast', 'data']) {
    const gone = untilRow(name, 'gone');
    await core.request({ method: 'PUT', path: verbPath('web', 'removevolume'), body: { name } });
    await gone;
  }
  await answer(again, 'while [ -b /dev/sda ] || grep -q fast /sys/block/vd?/serial; do sleep 1; done; echo all-""gone', /all-gone/);
  const kept = join(core.dataDir, 'disks/default/data.qcow2');
  expect(execFileSync('qemu-io', ['-r', '-f', 'qcow2', '-c', 'read -v 0 512', kept], { encoding: 'utf8' })).toContain('plugged');

  // A port of the guest, twice at once; nothing listens on this computer afterwards.
  await answer(again, 'until cat /proc/net/tcp /proc/net/tcp6 | grep -q ":0007 .* 0A "; do sleep 1; done; echo port-""open', /port-open/);
  expect(await echoed(7, 'through the network')).toBe('through the network');
  expect(await echoed(8, 'nobody is there')).toBeUndefined();
  expect(listeners()).toEqual([]);

  // The memory of the running guest, as debuggers read it.
  const dumped = untilDumped();
  await core.request({ method: 'PUT', path: verbPath('web', 'memorydump'), body: { claimName: 'dump' } });
  expect(await dumped).toBe('Completed');
  const dump = readFileSync(join(core.dataDir, 'disks/default/dump.raw'));
  expect([dump.toString('latin1', 0, 4), dump.length, dump.includes('colour=blue')]).toEqual(['\x7fELF', 512 * 2 ** 20, true]);
  again.close();
  terminal.close();
  await stopAndForget(core, 'web');
  const state = readdirSync(join(core.dataDir, 'cache/images')).filter((name) => name.startsWith('sha256-'));
  expect(state).toEqual([digest.replace(':', '-')]);
});

test('a kernel and its initramfs out of a container image boot without a disk', async () => {
  const registry = await realRegistry();
  const image = `${registry.host}/boot/tiny:one`;
  const { kernel, initrd, append } = await tinyLinuxKernel();
  await registry.push({
    repository: 'boot/tiny',
    tag: 'one',
    layers: [
      await layerOf({ name: 'boot/vmlinuz', bytes: readFileSync(kernel) }),
      await layerOf({ name: 'boot/initrd', bytes: readFileSync(initrd) }),
    ],
  });
  await core.request({
    method: 'PATCH',
    path: '/apis/virtdeck.io/v1alpha1/settings/default',
    contentType: 'application/merge-patch+json',
    body: { spec: { insecureRegistries: [registry.host] } },
  });
  const container = { image, kernelPath: '/boot/vmlinuz', initrdPath: '/boot/initrd' };
  const firmware = { kernelBoot: { kernelArgs: `${append} from-an-image`, container } };
  const body = guestMachine('direct', { runStrategy: 'Manual', domain: { firmware } });
  await core.request({ method: 'POST', path: machinesPath, body });
  const running = awaitPhase(core, 'direct', 'Running');
  await core.request({ method: 'PUT', path: verbPath('direct', 'start'), body: {} });
  await running;
  const terminal = await openConsole(core.socket, 'direct');
  await terminal.waitFor(new RegExp(tinyLinuxReady), 240_000);
  await answer(terminal, 'cat /proc/cmdline; ls -d /sys/block/vd*', /from-an-image[^]*No such file/);
  terminal.close();
  await stopAndForget(core, 'direct');
});

async function untilDumped(): Promise<string> {
  const abort = new AbortController();
  for await (const line of core.lines({ path: `${machinesPath}?watch=true&fieldSelector=metadata.name%3Dweb`, signal: abort.signal })) {
    const phase = (line as { object: VirtualMachine }).object.status?.memoryDumpRequest?.phase;
    if (phase !== 'Completed' && phase !== 'Failed') continue;
    abort.abort();
    return phase;
  }
  return 'never';
}

async function allGone(): Promise<void> {
  const { items } = (await core.request({ path: instancesPath })) as { items: readonly VirtualMachineInstance[] };
  await Promise.all(items.map(({ metadata }) => awaitPhase(core, metadata.name, 'gone')));
}

/** TCP ports on which the guest's QEMU listens. */
function listeners(): readonly string[] {
  const pidFile = readdirSync(core.runDir)
    .map((name) => join(core.runDir, name, 'qemu.pid'))
    .find((file) => existsSync(file));
  const pid = readFileSync(pidFile ?? '', 'utf8').trim();
  const inodes = readdirSync(`/proc/${pid}/fdinfo`).map(
    (fd) => /^ino:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'))?.[1],
  );
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A' && inodes.includes(fields[9]))
    .map((fields) => fields[1] ?? '');
}
