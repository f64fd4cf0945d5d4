// Owns the proof on a guest of what keeps its state: snapshots, suspending to disk, and a run that throws away what it writes.
// Must not reach into the core.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCore, type CoreProcess } from '../bench/core-process.ts';
import { awaitPhase, machinesPath, verbPath } from '../bench/machines.ts';
import { type Console, openConsole } from './console.ts';
import { tinyLinuxDisk, tinyLinuxReady } from './tiny-linux.ts';
import { tpmPrograms } from './tpm-commands.ts';

const name = 'kept';
const root = '/apis/snapshot.kubevirt.io/v1beta1/namespaces/default';
const target = { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name };
let core: CoreProcess;
let terminal: Console;

// The guest says what it finds in its four memories.
const note = (variable: string): string => `/sys/firmware/efi/efivars/${variable}-5ea1ab1e-0000-4000-8000-000000000002`;
const programs = [
  "cat > /bin/efi-note <<'END'",
  '#!/bin/sh',
  // Non-volatile, of the boot and of the running system.
  `printf '\\007\\000\\000\\000x' > ${note('$1')}`,
  'END',
  "cat > /bin/efi-notes <<'END'",
  '#!/bin/sh',
  'ls /sys/firmware/efi/efivars | grep -c Note$1-',
  'END',
  'chmod +x /bin/efi-note /bin/efi-notes',
];

beforeAll(async () => {
  core = await startCore();
  // The boot disk is read-only, so that raw is no hindrance; the machine writes to a disk of the pool.
  // ext4 asks for its checksum when it mounts.
  const boot = await tinyLinuxDisk({ modules: ['crc32c_generic'], commands: [...tpmPrograms, ...programs] });
  await core.request({ method: 'POST', path: machinesPath, body: machine(boot) });
  await up();
});

/** Resolves when the guest has a shell on its serial console. */
async function up(): Promise<void> {
  await awaitPhase(core, name, 'Running');
  terminal = await openConsole(core.socket, name);
  await terminal.waitFor(new RegExp(tinyLinuxReady), 150_000);
}

async function off(): Promise<void> {
  await said('umount /data; sync; echo written', /\nwritten/);
  const gone = awaitPhase(core, name, 'gone');
  await core.request({ method: 'PUT', path: verbPath(name, 'stop'), body: { gracePeriod: 0 } });
  await gone;
  terminal.close();
}

async function on(options: object = {}): Promise<void> {
  const running = awaitPhase(core, name, 'Running');
  await core.request({ method: 'PUT', path: verbPath(name, 'start'), body: options });
  await running;
  await up();
}

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
            // With less, GRUB's UEFI build runs out of memory.
            memory: { guest: '512Mi' },
            firmware: { bootloader: { efi: { secureBoot: false } } },
            devices: {
              tpm: { persistent: true },
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

const ownPath = `/apis/virtdeck.io/v1alpha1/namespaces/default/virtualmachines/${name}`;

/** What the machine's status says of a saved state. */
async function savedState(): Promise<string | undefined> {
  type Machine = { readonly status?: { readonly conditions?: readonly { readonly type: string; readonly message?: string }[] } };
  const vm = (await core.request({ path: `${machinesPath}/${name}` })) as Machine;
  return vm.status?.conditions?.find(({ type }) => type === 'SavedState')?.message;
}

/** Digests of its disk, its UEFI variables and the state of its TPM; and no file that is of a run. */
function keptFiles(): Readonly<Record<string, string>> {
  const files = readdirSync(core.dataDir, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /(kept-data|nvram-)[^/]*\.qcow2$|permall$/.test(file) || /\/(discarded|overlay|empty)-[^/]*$/.test(file),
  );
  return Object.fromEntries(
    files.map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(path.join(core.dataDir, file)))
        .digest('hex'),
    ]),
  );
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

const whatItHas = 'echo has-$counter-$(cat /data/file)-$(efi-notes Before)-$(efi-notes After)-$(tpm-read | grep -c VIRTDECK)';

test('memory and disk go back together, while it runs', async () => {
  // A counter in the shell's memory, a file system on the disk, a variable of the firmware, a place in the TPM that nothing was written to.
  await said(
    'mke2fs /dev/vdb > /dev/null; mkdir -p /data; mount -t ext4 /dev/vdb /data; counter=41; echo before > /data/file; sync; ' +
      'efi-note NoteBefore; tpm-define; echo set-$counter-$(cat /proc/mounts | grep -c vdb)',
    /set-41-1/,
  );
  await said(whatItHas, /has-41-before-1-0-0/);
  const kept = await made('VirtualMachineSnapshot', 'one', { source: target });
  expect(kept.status?.indications?.[0]).toBe('Online');
  await said('counter=$((counter+1)); echo after > /data/file; sync; efi-note NoteAfter; tpm-write; echo done', /\ndone/);
  await said(whatItHas, /has-42-after-1-1-1/);
  await made('VirtualMachineRestore', 'back', { target, virtualMachineSnapshotName: 'one' });
  await said(whatItHas, /has-41-before-1-.-0/);
});

test('suspended to disk it ends, and goes on where it was', async () => {
  await said('counter=43; echo counts-$counter', /counts-43/);
  terminal.close();
  const gone = awaitPhase(core, name, 'gone');
  await core.request({ method: 'PUT', path: `${ownPath}/suspend`, body: {} });
  await gone;
  expect(await savedState()).toMatch(/^The machine was suspended to disk at .*\. A start goes on where it was\.$/);
  const running = awaitPhase(core, name, 'Running');
  await core.request({ method: 'PUT', path: verbPath(name, 'start'), body: {} });
  await running;
  terminal = await openConsole(core.socket, name);
  await said(whatItHas, /has-43-before-1-.-0/);
  expect(await savedState()).toBeUndefined();
});

test('the firmware and the TPM know nothing of what was taken back when the machine boots again', async () => {
  await off();
  await on();
  await said('counter=7; mkdir -p /data; mount -t ext4 /dev/vdb /data; echo mounted', /\nmounted/);
  await said(whatItHas, /has-7-before-1-0-0/);
});

test('disk, firmware and TPM go back when the machine is off; what a run throws away leaves no trace', async () => {
  await said('echo later > /data/file; efi-note NoteAfter; tpm-write; echo done', /\ndone/);
  await said(whatItHas, /has-7-later-1-1-1/);
  await off();
  await made('VirtualMachineRestore', 'disks', { target, virtualMachineSnapshotName: 'one' });
  const before = keptFiles();
  await on({ discardChanges: true });
  await said('counter=8; mkdir -p /data; mount -t ext4 /dev/vdb /data; echo mounted', /\nmounted/);
  await said(whatItHas, /has-8-before-1-0-0/);
  await said('echo thrown > /data/file; efi-note NoteAfter; tpm-write; sync; echo done', /\ndone/);
  await said(whatItHas, /has-8-thrown-1-1-1/);
  await off();
  expect(keptFiles()).toEqual(before);
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
