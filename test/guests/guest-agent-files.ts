// Owns what a guest without a package manager needs to run QEMU's guest agent: the program, its libraries, and how it is started.
// Must not know what the agent is asked.
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { CpioEntry } from './cpio.ts';

export const agentPackages = ['qemu-guest-agent', 'libc6', 'libglib2.0-0', 'libnuma1', 'libpcre2-8-0', 'libudev1', 'liburing2'];

const libraries = [
  'libc.so.6',
  'libglib-2.0.so.0',
  'libgmodule-2.0.so.0',
  'libm.so.6',
  'libnuma.so.1',
  'libpcre2-8.so.0',
  'libudev.so.1',
  'liburing.so.2',
];
const loader = 'ld-linux-x86-64.so.2';
const folders = ['lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu'];

/** There is no udev that names the port. The agent sets no clock unless it finds /sbin/hwclock. */
export const agentCommands = [
  'ln -s bin /sbin',
  'for port in /sys/class/virtio-ports/*; do',
  '  [ "$(cat $port/name)" = org.qemu.guest_agent.0 ] && qemu-ga -d -m virtio-serial -p /dev/${port##*/} -f /run/qga.pid -t /run',
  'done',
];

/** Of packages unpacked below `root`. */
export async function agentFiles(root: string): Promise<readonly CpioEntry[]> {
  const program = async (from: string, to: string): Promise<CpioEntry> => ({
    path: to,
    type: 'file',
    bytes: await readFile(from),
    executable: true,
  });
  return [
    ...['lib', 'lib/x86_64-linux-gnu', 'lib64'].map((name): CpioEntry => ({ path: name, type: 'directory' })),
    await program(path.join(root, 'usr/sbin/qemu-ga'), 'bin/qemu-ga'),
    await program(await libraryIn(root, loader), `lib64/${loader}`),
    ...(await Promise.all(libraries.map(async (name) => program(await libraryIn(root, name), `lib/x86_64-linux-gnu/${name}`)))),
  ];
}

async function libraryIn(root: string, name: string): Promise<string> {
  for (const folder of folders) {
    const found = await realpath(path.join(root, folder, name)).catch(() => undefined);
    if (found !== undefined) return found;
  }
  throw new Error(`${root} has no ${name}.`);
}
