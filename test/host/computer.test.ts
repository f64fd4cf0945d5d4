// Owns the proof that every check is green or has a fix, over made-up systems.
// Must not depend on this machine.
import { mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { FirmwareDescriptor, QemuCapabilities } from '../../electron/core/facts.ts';
import { accelerationCheck, acceleratorFact } from '../../electron/host/accelerator.ts';
import { dataCheck, firmwareCheck, hugePagesCheck, iommuCheck, qemuCheck } from '../../electron/host/computer-checks.ts';
import { installCommand, packageFamily } from '../../electron/host/packages.ts';
import { takenLoopbackPorts } from '../../electron/host/ports.ts';
import { sshPublicKeys } from '../../electron/host/ssh-keys.ts';
import { tempDir } from './temp-dir.ts';

function tree(files: Readonly<Record<string, string>>): string {
  const root = tempDir();
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(`${root}/${file}`), { recursive: true });
    writeFileSync(`${root}/${file}`, text);
  }
  return root;
}

const works = { state: 'works', reason: '' } as const;
const broken = {
  state: 'broken',
  reason: 'the test guest stopped at its first exception (the accelerator gave up: internal-error)',
} as const;
const base = { cpuVirtualizes: true, userName: 'ada' };

test.each([
  ['auto', works, 'kvm', 'KVM works: its self-test passed.'],
  [
    'auto',
    broken,
    'tcg',
    'KVM is there, but does not run guests correctly: the test guest stopped at its first exception (the accelerator gave up: internal-error). Machines are emulated, which is much slower.',
  ],
  [
    'auto',
    { state: 'denied', reason: '' },
    'tcg',
    'KVM is there, but this user may not use /dev/kvm. Machines are emulated, which is much slower.',
  ],
  [
    'auto',
    { state: 'absent', reason: '' },
    'tcg',
    'The processor can virtualize, but the kernel offers no /dev/kvm. Machines are emulated, which is much slower.',
  ],
  ['auto', undefined, 'tcg', 'KVM has not been tested, because no QEMU is installed. Machines are emulated, which is much slower.'],
  ['tcg', works, 'tcg', 'Machines are emulated, because the settings say so.'],
  ['kvm', works, 'kvm', 'KVM is used, because the settings say so.'],
  [
    'kvm',
    { state: 'denied', reason: '' },
    'kvm',
    'KVM is used, because the settings say so. KVM is there, but this user may not use /dev/kvm.',
  ],
] as const)('accelerator: setting %s, %j', (...[choice, verdict, inUse, message]) => {
  expect(acceleratorFact({ ...base, choice, verdict })).toEqual({ inUse, kvm: verdict?.state ?? 'untested', message });
});

test.each([
  [works, true, 'ok', undefined],
  [broken, true, 'warning', undefined],
  [{ state: 'denied', reason: '' }, true, 'warning', 'sudo adduser ada kvm'],
  [{ state: 'absent', reason: '' }, true, 'warning', 'sudo modprobe -a kvm_intel kvm_amd'],
  [{ state: 'absent', reason: '' }, false, 'warning', undefined],
  [undefined, false, 'warning', undefined],
] as const)('acceleration check: %j, processor virtualizes %s', (...[verdict, cpuVirtualizes, state, command]) => {
  const check = accelerationCheck({ choice: 'auto', verdict, cpuVirtualizes, userName: 'ada' });
  expect([check.state, check.command, check.fix !== undefined]).toEqual([state, command, state !== 'ok']);
});

describe('checks', () => {
  const place = { family: 'debian', root: '/' } as const;
  const version = (major: number, minor: number): QemuCapabilities => ({
    binary: '/usr/bin/qemu-system-x86_64',
    version: { major, minor, micro: 0, package: '' },
    machines: [],
    cpuModels: { tcg: [], kvm: [] },
    cpuFeatures: { tcg: new Map(), kvm: new Map() },
    hostModel: {},
    types: new Set(),
    commands: new Set(),
  });

  test.each([
    [undefined, 'error', 'sudo apt-get install qemu-system-x86 qemu-utils'],
    [version(6, 2), 'error', undefined],
    [version(7, 1), 'error', undefined],
    [version(7, 2), 'ok', undefined],
    [version(10, 0), 'ok', undefined],
  ] as const)('QEMU %#', (qemu, state, command) => {
    const check = qemuCheck(qemu, place);
    expect([check.state, check.command]).toEqual([state, command]);
  });

  const firmware = (features: readonly string[]): FirmwareDescriptor => ({
    file: 'f',
    interfaceTypes: ['uefi'],
    executable: { path: '/c', format: 'raw' },
    nvramTemplate: { path: '/v', format: 'raw' },
    targets: [],
    features,
  });

  test.each([
    [[], 'warning', 'UEFI firmware is not installed; machines can only use BIOS.'],
    [[firmware([])], 'warning', 'UEFI firmware is installed, but none with Secure Boot.'],
    [[firmware([]), firmware(['secure-boot', 'enrolled-keys'])], 'ok', 'UEFI firmware is installed, with Secure Boot.'],
  ] as const)('firmware %#', (found, state, message) => {
    const check = firmwareCheck(found, place);
    expect([check.state, check.message]).toEqual([state, message]);
  });

  test.each([
    [{ 'sys/kernel/iommu_groups/0/type': '', 'sys/kernel/iommu_groups/1/type': '' }, 'ok', undefined],
    [{ 'proc/cpuinfo': 'vendor_id\t: GenuineIntel\n' }, 'warning', /intel_iommu=on/],
    [{ 'proc/cpuinfo': 'vendor_id\t: AuthenticAMD\n' }, 'warning', /AMD-Vi/],
  ])('IOMMU %#', async (files, state, fix) => {
    const check = await iommuCheck({ family: 'debian', root: tree(files) });
    expect(check.state).toBe(state);
    if (fix === undefined) expect(check.fix).toBeUndefined();
    else expect(check.fix).toMatch(fix);
  });

  test('huge pages are counted by size', async () => {
    const pool = (name: string, total: number, free: number) => ({
      [`sys/kernel/mm/hugepages/${name}/nr_hugepages`]: `${total}\n`,
      [`sys/kernel/mm/hugepages/${name}/free_hugepages`]: `${free}\n`,
    });
    const filled = tree({ ...pool('hugepages-2048kB', 512, 100), ...pool('hugepages-1048576kB', 2, 2) });
    expect(await hugePagesCheck({ family: 'debian', root: filled })).toEqual({
      id: 'hugepages',
      state: 'ok',
      message: 'Huge pages: 100 of 512 pages of 2 MiB free, 2 of 2 pages of 1 GiB free.',
    });
    expect((await hugePagesCheck({ family: 'debian', root: tree(pool('hugepages-2048kB', 0, 0)) })).state).toBe('warning');
  });

  test('the data folder: room, little room, not ours', async () => {
    const directory = tempDir();
    const states = await Promise.all([
      dataCheck({ path: directory, totalBytes: 2e12, freeBytes: 1e12 }),
      dataCheck({ path: directory, totalBytes: 2e12, freeBytes: 1e9 }),
      dataCheck({ path: `${directory}/none`, totalBytes: 0, freeBytes: 0 }),
    ]);
    expect(states.map(({ state }) => state)).toEqual(['ok', 'warning', 'error']);
  });
});

test.each([
  ['ID=debian\n', 'debian', 'sudo apt-get install ovmf'],
  ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', 'debian', 'sudo apt-get install ovmf'],
  ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'fedora', 'sudo dnf install edk2-ovmf'],
  ['ID=arch\n', 'arch', 'sudo pacman -S edk2-ovmf'],
  ['ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n', 'suse', 'sudo zypper install qemu-ovmf-x86_64'],
  ['ID=nixos\n', 'unknown', undefined],
])('packages of %j', async (text, family, command) => {
  const root = tree({ 'os-release': text });
  const found = await packageFamily(`${root}/os-release`);
  expect([found, installCommand(found, ['ovmf'])]).toEqual([family, command]);
});

test('ports that are taken', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const free = net.createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const other = free.address();
  const freePort = typeof other === 'object' && other !== null ? other.port : 0;
  free.close();
  await once(free, 'close');
  expect(await takenLoopbackPorts([port, freePort, port])).toEqual(new Set([port]));
});

test('public keys of the user, and nothing else of the folder', async () => {
  const home = tree({
    '.ssh/id_ed25519': '-----BEGIN OPENSSH PRIVATE KEY-----',
    '.ssh/id_ed25519.pub': 'ssh-ed25519 AAAAC3NzaC1lZDI1 ada@workshop\n',
    '.ssh/yubikey.pub': 'sk-ssh-ed25519@openssh.com AAAAGnNr ada key\n',
    '.ssh/odd.pub': 'not a key\n',
    '.ssh/host-cert.pub': 'ssh-ed25519-cert-v01@openssh.com AAAAIHNz ca\n',
  });
  expect(await sshPublicKeys(home)).toEqual([
    {
      file: 'host-cert.pub',
      type: 'ssh-ed25519-cert-v01@openssh.com',
      comment: 'ca',
      line: 'ssh-ed25519-cert-v01@openssh.com AAAAIHNz ca',
    },
    { file: 'id_ed25519.pub', type: 'ssh-ed25519', comment: 'ada@workshop', line: 'ssh-ed25519 AAAAC3NzaC1lZDI1 ada@workshop' },
    {
      file: 'yubikey.pub',
      type: 'sk-ssh-ed25519@openssh.com',
      comment: 'ada key',
      line: 'sk-ssh-ed25519@openssh.com AAAAGnNr ada key',
    },
  ]);
  expect(await sshPublicKeys(tempDir())).toEqual([]);
});
