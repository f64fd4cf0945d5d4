// Owns the proof of snapshots on a guest: a counter in memory and a file on disk go back together; the disk alone when it is off.
// Must not reach into the core.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCore, type CoreProcess } from '../bench/core-process.ts';
import { awaitPhase, machinesPath, verbPath } from '../bench/machines.ts';
import { type Console, openConsole } from './console.ts';
import { tinyLinuxDisk, tinyLinuxReady } from './tiny-linux.ts';

const name = 'kept';
const root = '/apis/snapshot.kubevirt.io/v1beta1/namespaces/default';
const target = { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name };
let core: CoreProcess;
let terminal: Console;

beforeAll(async () => {
  core = await startCore();
  // The boot disk is read-only, so that raw is no hindrance; the machine writes to a disk of the pool.
  // ext4 asks for its checksum when it mounts.
  const boot = await tinyLinuxDisk({ modules: ['crc32c_generic'] });
  await core.request({ method: 'POST', path: machinesPath, body: machine(boot) });
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

function machine(boot: string): object {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name },
    spec: {
      runStrategy: 'Always',
      dataVolumeTemplates: [
        { metadata: { name: 'kept-data' }, spec: { source: { blank: {} }, storage: { resources: { requests: { storage: '64Mi' } } } } },
      ],
      template: {
        spec: {
          domain: {
            memory: { guest: '256Mi' },
            devices: {
              disks: [
                { name: 'boot', disk: { bus: 'virtio', readonly: true } },
                { name: 'data', disk: { bus: 'virtio' } },
              ],
            },
          },
          volumes: [
            { name: 'boot', hostDisk: { path: boot, type: 'Disk' } },
            { name: 'data', dataVolume: { name: 'kept-data' } },
          ],
        },
      },
    },
  };
}

interface Kept {
  readonly status?: {
    readonly readyToUse?: boolean;
    readonly complete?: boolean;
    readonly phase?: string;
    readonly error?: object;
    readonly indications?: readonly string[];
  };
}

async function made(kind: 'VirtualMachineSnapshot' | 'VirtualMachineRestore', of: string, spec: object): Promise<Kept> {
  const plural = `${kind.toLowerCase()}s`;
  await core.request({
    method: 'POST',
    path: `${root}/${plural}`,
    body: { apiVersion: 'snapshot.kubevirt.io/v1beta1', kind, metadata: { name: of }, spec },
  });
  const abort = new AbortController();
  const deadline = setTimeout(() => abort.abort(), 180_000);
  try {
    for await (const line of core.lines({
      path: `${root}/${plural}?watch=true&fieldSelector=metadata.name%3D${of}`,
      signal: abort.signal,
    })) {
      const { object } = line as { object: Kept };
      if (object.status?.phase === 'Failed') throw new Error(JSON.stringify(object.status));
      if (object.status?.readyToUse === true || object.status?.complete === true) return object;
    }
    throw new Error(`${of} was not done within three minutes`);
  } finally {
    clearTimeout(deadline);
    abort.abort();
  }
}

async function said(command: string, pattern: RegExp): Promise<string> {
  terminal.type(`${command}\n`);
  return (await terminal.waitFor(pattern, 60_000))[0];
}

test('memory and disk go back together, while it runs', async () => {
  // A counter in the shell's memory, a file system on the disk.
  await said(
    'mke2fs /dev/vdb > /dev/null; mkdir -p /data; mount -t ext4 /dev/vdb /data; counter=41; echo before > /data/file; sync; echo set-$counter-$(cat /proc/mounts | grep -c vdb)',
    /set-41-1/,
  );
  const kept = await made('VirtualMachineSnapshot', 'one', { source: target });
  expect(kept.status?.indications?.[0]).toBe('Online');
  await said('counter=$((counter+1)); echo after > /data/file; sync; echo now-$counter', /now-42/);
  await made('VirtualMachineRestore', 'back', { target, virtualMachineSnapshotName: 'one' });
  await said('echo again-$counter-$(cat /data/file)', /again-41-before/);
});

test('the disk alone goes back when the machine is off', async () => {
  await said('echo later > /data/file; umount /data; sync; echo written', /\nwritten/);
  const gone = awaitPhase(core, name, 'gone');
  await core.request({ method: 'PUT', path: verbPath(name, 'stop'), body: { gracePeriod: 0 } });
  await gone;
  terminal.close();
  await made('VirtualMachineRestore', 'disks', { target, virtualMachineSnapshotName: 'one' });
  const running = awaitPhase(core, name, 'Running');
  await core.request({ method: 'PUT', path: verbPath(name, 'start'), body: {} });
  await running;
  terminal = await openConsole(core.socket, name);
  await terminal.waitFor(new RegExp(tinyLinuxReady), 240_000);
  await said('mkdir -p /data; mount -t ext4 /dev/vdb /data; echo disk-$(cat /data/file)', /disk-before/);
});

test('a snapshot of the pool is freed, and gone', async () => {
  await core.request({ method: 'DELETE', path: `${root}/virtualmachinesnapshots/one` });
  const abort = new AbortController();
  const deadline = setTimeout(() => abort.abort(), 60_000);
  for await (const line of core.lines({ path: `${root}/virtualmachinesnapshots?watch=true`, signal: abort.signal })) {
    if ((line as { type: string }).type === 'DELETED') break;
    const list = (await core.request({ path: `${root}/virtualmachinesnapshots` })) as { items: readonly object[] };
    if (list.items.length === 0) break;
  }
  clearTimeout(deadline);
  abort.abort();
  const { items } = (await core.request({ path: `${root}/virtualmachinesnapshots` })) as { items: readonly object[] };
  expect(items).toEqual([]);
});
