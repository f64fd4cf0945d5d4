// Owns the proof that a refusal by SELinux or AppArmor is told from one by a file's mode, in a tree of its own.
// Must not need either on the computer that runs the test.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { earlyExitError } from '../../../electron/host/qemu/early-exit.ts';
import { guardedError } from '../../../electron/host/qemu/mandatory-access.ts';
import { tempDir } from '../temp-dir.ts';

const device = { driver: 'vfio-pci', id: 'host-nic', host: '0000:01:00.0' };
const field = 'spec.domain.devices.hostDevices[0]';
const args = [{ flag: '-device', value: device, field }] as const;
const vfio = (words: string): string =>
  `qemu-system-x86_64: -device ${JSON.stringify(device)}: vfio 0000:01:00.0: failed to open /dev/vfio/14: ${words}\n`;
const image = "qemu-system-x86_64: -blockdev {}: Could not open '/srv/web.img': Permission denied\n";

const selinux = { 'sys/fs/selinux/enforce': '1' };
const permissive = { 'sys/fs/selinux/enforce': '0' };
const apparmor = { 'sys/module/apparmor/parameters/enabled': 'Y' };
const group = { 'dev/vfio/14': '' };

test.each([
  { name: 'SELinux and a group that is ours', tree: { ...selinux, ...group }, stderr: vfio('Permission denied'), by: 'SELinux' },
  { name: 'AppArmor and a group that is ours', tree: { ...apparmor, ...group }, stderr: vfio('Permission denied'), by: 'AppArmor' },
  { name: 'a disk image', tree: { ...apparmor, 'srv/web.img': '' }, stderr: image, by: 'AppArmor' },
  { name: 'another errno', tree: { ...selinux, ...group }, stderr: vfio('Operation not permitted'), by: 'SELinux' },
  {
    name: 'both, and SELinux refuses nothing',
    tree: { ...permissive, ...apparmor, ...group },
    stderr: vfio('Permission denied'),
    by: 'AppArmor',
  },
  { name: 'a group that is not there', tree: selinux, stderr: vfio('Permission denied'), by: undefined },
  { name: 'neither of them', tree: group, stderr: vfio('Permission denied'), by: undefined },
  { name: 'no refusal at all', tree: { ...selinux, ...group }, stderr: vfio('Device or resource busy'), by: undefined },
])('$name: $by', async ({ tree, stderr, by }) => {
  const root = tempDir();
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const plain = earlyExitError(stderr, { code: 1, signal: null }, args);
  const error = await guardedError(plain, stderr, root);
  if (by === undefined) return expect(error).toBe(plain);
  expect(error.causes[0]).toMatchObject({ reason: 'DeniedByPolicy', field: plain.causes[0]?.field });
  expect(error.message).toMatch(new RegExp(`^QEMU ended before the machine could run: ${by} keeps QEMU from opening /`));
  expect(error.causes[0]?.fix).toBeTruthy();
});
