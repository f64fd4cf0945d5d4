// Owns the proof of the privileged program: what it refuses, that the shipped bytes are its source, and that it bears any bytes.
// Must not change this computer: what changes something runs in a network of its own, and is skipped without root.
import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { privilegedWords, type PrivilegedRequest } from '../../electron/api/privileged.ts';
import { findProgram, runCommand } from '../../electron/host/exec.ts';
import { bundledHelper } from '../../native/index.ts';
import { tempDir } from './temp-dir.ts';

const folder = new URL('../../native/helper/', import.meta.url).pathname;
const program = bundledHelper ?? '';
const compiler = await findProgram(process.env['CC'] ?? 'gcc');
const isRoot = process.geteuid?.() === 0;

async function compilerVersion(): Promise<string> {
  return (await runCommand({ program: compiler ?? '', args: ['--version'], timeoutMs: 10_000 })).stdout.split('\n')[0] ?? '';
}

test.skipIf(compiler === undefined || process.arch !== 'x64')('the shipped program is what its source makes', async () => {
  const made = path.join(tempDir(), 'made');
  const { code, stderr } = await runCommand({ program: path.join(folder, 'build.sh'), args: [made], timeoutMs: 60_000 });
  expect(code, stderr).toBe(0);
  // Another compiler makes other bytes of the same source; with the same one there is no excuse.
  if ((await compilerVersion()) !== readFileSync(path.join(folder, 'prebuilt/compiler.txt'), 'utf8').trim()) return;
  expect(readFileSync(made).equals(readFileSync(program))).toBe(true);
});

const turns = process.env['VIRTDECK_FUZZ_TURNS'] ?? '200000';

test.skipIf(compiler === undefined)('it bears any bytes, under the sanitizers', { timeout: 600_000 }, async () => {
  const made = path.join(tempDir(), 'fuzz');
  const sources = readdirSync(folder)
    .filter((name) => name.endsWith('.c') && name !== 'sys-linux.c')
    .map((name) => path.join(folder, name));
  const flags = [
    '-std=gnu11',
    '-O1',
    '-g',
    '-fsanitize=address,undefined',
    '-fno-sanitize-recover=all',
    '-Wall',
    '-Wextra',
    `-Wa,-I${folder}`,
  ];
  const build = await runCommand({ program: compiler ?? '', args: [...flags, '-o', made, ...sources], timeoutMs: 120_000 });
  expect(build.code, build.stderr).toBe(0);
  const run = await runCommand({ program: made, args: [turns, String(Date.now())], timeoutMs: 600_000 });
  expect(run.stderr).toBe('');
  expect(JSON.parse(run.stdout)).toEqual({ turns: Number(turns), good: expect.any(Number) });
});

interface Answer {
  readonly ok: boolean;
  readonly code?: string;
  readonly field?: string;
  readonly undo?: PrivilegedRequest;
}

async function ask(input: string): Promise<Answer> {
  return JSON.parse((await runCommand({ program, args: [], input, timeoutMs: 10_000 })).stdout) as Answer;
}

test.skipIf(program === '').each([
  ['', 'Invalid', ''],
  ['[]', 'Invalid', ''],
  ['{}', 'Invalid', ''],
  ['{"verb":"reboot"}', 'Invalid', 'verb'],
  ['{"verb":"tap-delete"}', 'Invalid', 'name'],
  ['{"verb":"tap-delete","name":"eth0"}', 'Invalid', 'name'],
  ['{"verb":"tap-delete","name":"vd0","name":"vd1"}', 'Invalid', 'name'],
  ['{"verb":"tap-delete","name":"vd0"} x', 'Invalid', ''],
  ['{"verb":"tap-delete","name":"vd0","vlan":1}', 'Invalid', 'vlan'],
  ['{"verb":"tap-delete","name":"vd/../x"}', 'Invalid', 'name'],
  [`{"verb":"tap-delete","name":"${'v'.repeat(3000)}"}`, 'Invalid', ''],
  ['{"verb":"vfio-keep"}', 'Invalid', 'address'],
  ['{"verb":"vfio-keep","address":"0000:01:00.0","seconds":30}', 'Invalid', 'seconds'],
])('%s is refused', async (input, code, field) => {
  expect(await ask(input)).toMatchObject({ ok: false, code, field });
});

const uuid = '7d0a3f0e-1f2b-4c3d-8e5f-0123456789ab';

// Root is asked for first: only root hears what is wrong with an address.
test.skipIf(program === '' || !isRoot).each([
  ['{"verb":"vfio-bind","address":"../../../class"}', 'Invalid', 'address'],
  ['{"verb":"vfio-bind","address":"0000:01:00.8"}', 'Invalid', 'address'],
  ['{"verb":"vfio-bind","address":"0000:0A:00.0"}', 'Invalid', 'address'],
  ['{"verb":"vfio-bind","address":"0000:01:00.0/.."}', 'Invalid', 'address'],
  ['{"verb":"vfio-bind","address":"ffff:ff:1f.7"}', 'NotFound', 'address'],
  ['{"verb":"vfio-bind","address":"ffff:ff:1f.7","seconds":1}', 'Invalid', 'seconds'],
  ['{"verb":"vfio-bind","address":"ffff:ff:1f.7","owner":4294967295}', 'NotPermitted', 'owner'],
  ['{"verb":"vfio-keep","address":"ffff:ff:1f.7"}', 'NotFound', 'address'],
  ['{"verb":"vfio-unbind","address":"ffff:ff:1f.7"}', 'NotFound', 'address'],
  ['{"verb":"sriov-set","address":"ffff:ff:1f.7","count":1}', 'Unsupported', 'address'],
  [`{"verb":"mdev-create","address":"..","type":"a-1","uuid":"${uuid}","owner":0}`, 'Invalid', 'address'],
  [`{"verb":"mdev-create","address":"../../devices","type":"a-1","uuid":"${uuid}","owner":0}`, 'Invalid', 'address'],
  [`{"verb":"mdev-create","address":"mtty","type":"../create","uuid":"${uuid}","owner":0}`, 'Invalid', 'type'],
  [`{"verb":"mdev-create","address":"mtty","type":"a 1","uuid":"${uuid}","owner":0}`, 'Invalid', 'type'],
  [`{"verb":"mdev-create","address":"mtty","type":"a-1","uuid":"${uuid.toUpperCase()}","owner":0}`, 'Invalid', 'uuid'],
  [`{"verb":"mdev-create","address":"mtty","type":"a-1","uuid":"${uuid}/..","owner":0}`, 'Invalid', 'uuid'],
  [`{"verb":"mdev-create","address":"mtty","type":"a-1","uuid":"${uuid}","owner":4294967295}`, 'NotPermitted', 'owner'],
  [`{"verb":"mdev-create","address":"no-such","type":"a-1","uuid":"${uuid}","owner":0}`, 'NotFound', 'type'],
  [`{"verb":"mdev-create","address":"mtty","type":"a-1","uuid":"${uuid}"}`, 'Invalid', 'owner'],
  ['{"verb":"mdev-remove","uuid":"../../pci"}', 'Invalid', 'uuid'],
  [`{"verb":"mdev-remove","uuid":"${uuid}"}`, 'NotPermitted', 'uuid'],
  ['{"verb":"sriov-vf-set","address":"ffff:ff:1f.7","vlan":100}', 'Unsupported', 'address'],
  ['{"verb":"sriov-vf-set","address":"ffff:ff:1f.8","vlan":100}', 'Invalid', 'address'],
  ['{"verb":"sriov-vf-set","address":"ffff:ff:1f.7","vlan":4095}', 'Invalid', 'vlan'],
  ['{"verb":"sriov-vf-set","address":"ffff:ff:1f.7","mac":"03:00:00:00:00:01"}', 'Invalid', 'mac'],
  ['{"verb":"sriov-vf-set","address":"ffff:ff:1f.7","qos":1}', 'Invalid', 'qos'],
  ['{"verb":"sriov-vf-set","address":"ffff:ff:1f.7","linkState":3}', 'Invalid', 'linkState'],
])('%s is refused to root, too', async (input, code, field) => {
  expect(await ask(input)).toMatchObject({ ok: false, code, field });
});

test.skipIf(program === '' || isRoot)('without root nothing but a tap of one’s own can be touched', async () => {
  expect(await ask('{"verb":"bridge-create","name":"br9"}')).toMatchObject({ code: 'NotPermitted', field: 'verb' });
});

/** Each request in turn, in one network and one /var/lib of their own that end with the script. */
async function inOwnNetwork(requests: readonly (PrivilegedRequest | string)[]): Promise<readonly unknown[]> {
  const work = await mkdtemp(path.join(tmpdir(), 'vd-helper-'));
  try {
    const lines = requests.map((request) =>
      typeof request === 'string' ? request : `printf '%s' '${JSON.stringify(request)}' | ${program} || true`,
    );
    const script = [
      'set -e',
      'mount -t sysfs sysfs /sys',
      'mount -t tmpfs tmpfs /var/lib',
      ...lines,
      'cat /var/lib/virtdeck-helper/journal',
    ];
    const { stdout } = await promisify(execFile)('unshare', ['--net', '--mount', 'sh', '-c', script.join('\n')]);
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as unknown);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

test.skipIf(program === '' || !isRoot)('a bridge, a port of it, and both undone by what was answered', async () => {
  const requests: readonly (PrivilegedRequest | string)[] = [
    { verb: 'bridge-create', name: 'br1' },
    { verb: 'bridge-create', name: 'br1' },
    { verb: 'tap-create', name: 'vdtest', owner: 1000, bridge: 'br1', mac: 'de:00:00:00:00:de' },
    'ip -json link show master br1',
    { verb: 'bridge-detach', name: 'vdtest' },
    { verb: 'bridge-attach', name: 'vdtest', bridge: 'br1' },
    { verb: 'tap-create', name: 'vdtest2', owner: 1000, bridge: 'nobridge' },
    { verb: 'tap-delete', name: 'vdtest' },
    'ip -json link show master br1',
    { verb: 'bridge-delete', name: 'br1' },
    // Made by somebody else: not ours to remove.
    'ip link add br2 type bridge',
    { verb: 'bridge-delete', name: 'br2' },
  ];
  const [made, again, tap, ports, off, on, lost, gone, none, removed, foreign, ...journal] = await inOwnNetwork(requests);
  expect(made).toEqual({ ok: true, undo: { verb: 'bridge-delete', name: 'br1' } });
  expect(again).toMatchObject({ ok: false, code: 'Exists', field: 'name' });
  expect(tap).toEqual({ ok: true, undo: { verb: 'tap-delete', name: 'vdtest' } });
  expect(ports).toEqual([expect.objectContaining({ ifname: 'vdtest', ifalias: 'virtdeck' })]);
  expect(off).toEqual({ ok: true });
  expect(on).toEqual({ ok: true, undo: { verb: 'bridge-detach', name: 'vdtest' } });
  expect(lost).toMatchObject({ ok: false, code: 'NotFound', field: 'bridge' });
  expect(gone).toEqual({ ok: true });
  expect(none).toEqual([]);
  expect(removed).toMatchObject({ ok: true });
  expect(foreign).toMatchObject({ ok: false, code: 'NotPermitted', field: 'name' });
  // Each deed is written down before and after; what was refused before it began is not.
  expect(journal).toHaveLength(2 * 6);
  expect(journal[0]).toMatchObject({ uid: 0, verb: 'bridge-create', outcome: 'begun', undo: { verb: 'bridge-delete', name: 'br1' } });
});

test.skipIf(program === '' || !isRoot)('how much a process may lock is set, and what it was is answered', async () => {
  const sleeper = spawn('sleep', ['600']);
  try {
    const pid = sleeper.pid ?? 0;
    // Lower than before: in a container even root may not raise it, which the lab does.
    const [set, wrong] = await inOwnNetwork([
      { verb: 'memlock', pid, bytes: 65_536 },
      { verb: 'memlock', pid: 3_999_999, bytes: 1 },
    ]);
    expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/Max locked memory +65536 +65536/);
    expect(set).toMatchObject({ ok: true, undo: { verb: 'memlock', pid, bytes: expect.any(Number) } });
    expect(wrong).toMatchObject({ ok: false, code: 'NotFound', field: 'pid' });
  } finally {
    sleeper.kill('SIGKILL');
  }
});

test('every verb has words', () => {
  const requests: readonly PrivilegedRequest[] = [
    { verb: 'tap-create', name: 'vd1', owner: 1000, bridge: 'br1', vlan: 10, mac: 'de:00:00:00:00:de' },
    { verb: 'tap-delete', name: 'vd1' },
    { verb: 'bridge-create', name: 'br1', vlanFiltering: true },
    { verb: 'bridge-delete', name: 'br1' },
    { verb: 'bridge-attach', name: 'vd1', bridge: 'br1' },
    { verb: 'bridge-detach', name: 'vd1' },
    { verb: 'vlan-set', name: 'vd1', vlan: 10 },
    { verb: 'vlan-clear', name: 'vd1', vlan: 10 },
    { verb: 'memlock', pid: 4711, bytes: 1024 ** 3 },
    { verb: 'hugepages-set', node: 1, sizeKiB: 2048, count: 512 },
    { verb: 'hugepages-keep', node: 1, sizeKiB: 2048, count: 512 },
    { verb: 'ksm-set', count: 1 },
    { verb: 'vfio-bind', address: '0000:01:00.0', owner: 1000, seconds: 30 },
    { verb: 'vfio-keep', address: '0000:01:00.0' },
    { verb: 'vfio-unbind', address: '0000:01:00.0' },
    { verb: 'sriov-set', address: '0000:01:00.0', count: 2 },
    { verb: 'mdev-create', address: '0000:01:00.0', type: 'nvidia-231', uuid, owner: 1000 },
    { verb: 'mdev-remove', uuid },
    {
      verb: 'sriov-vf-set',
      address: '0000:01:10.0',
      mac: '02:00:00:00:00:01',
      vlan: 100,
      spoofCheck: true,
      trust: false,
      linkState: 0,
      untilClosed: true,
    },
    { verb: 'file-write', file: 'modprobe-vfio', content: 'options vfio-pci ids=10de:1eb8\n' },
    { verb: 'file-restore', backup: 12 },
    { verb: 'bootloader-update', command: 'grubby-add', argument: 'intel_iommu=on' },
    { verb: 'initramfs-update', command: 'dracut' },
  ];
  const source = readFileSync(path.join(folder, 'verbs.c'), 'utf8');
  const known = [...source.matchAll(/^ {2}\{"([a-z-]+)",/gm)].map(([, verb]) => verb);
  expect(requests.map(({ verb }) => verb).toSorted((a, b) => a.localeCompare(b))).toEqual(
    known.toSorted((a = '', b = '') => a.localeCompare(b)),
  );
  for (const request of requests) expect(privilegedWords(request)).toMatch(/^[a-z].{10,}[^.]$/);
  expect(privilegedWords(requests[0] ?? { verb: 'tap-delete', name: '' })).toBe(
    'make the network interface vd1 and put it on the bridge br1, VLAN 10, for the address de:00:00:00:00:de alone',
  );
});
