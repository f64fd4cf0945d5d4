// Owns QEMU 10 of Debian's backports, which is Debian 13's: unpacked and never installed.
// Must not know what it runs.
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { packagesUnreachable, unpackedPackages } from './debian-packages.ts';
import { cachedFolder } from './guest-cache.ts';

/** With what it loads: parts of another build are refused, and one of them ends QEMU. */
const packages = [
  'qemu-system-x86',
  'qemu-system-common',
  'qemu-system-data',
  'qemu-system-gui',
  'qemu-system-modules-opengl',
  'qemu-system-modules-spice',
  'qemu-block-extra',
  'seabios',
];

/** Why there is none here; undefined when it can be had. */
export async function newerQemuUnreachable(): Promise<string | undefined> {
  return await packagesUnreachable(packages, 'bookworm-backports');
}

/** A folder to be put in front of PATH: `qemu-system-x86_64` in it is the newer one. */
export async function newerQemuFolder(): Promise<string> {
  const root = await unpackedPackages(packages, 'bookworm-backports');
  return await cachedFolder(`newer-qemu-${path.basename(path.dirname(root))}`, async (draft) => {
    const program = path.join(draft, 'qemu-system-x86_64');
    // Its own folders come before those of the QEMU that is installed; what cards boot by (iPXE) is taken from there.
    const data = ['usr/share/qemu', 'usr/share/seabios'].map((folder) => `-L '${path.join(root, folder)}'`).join(' ');
    const modules = path.join(root, 'usr/lib/x86_64-linux-gnu/qemu');
    await writeFile(
      program,
      `#!/bin/sh\nQEMU_MODULE_DIR='${modules}' exec '${path.join(root, 'usr/bin/qemu-system-x86_64')}' ${data} "$@"\n`,
    );
    await chmod(program, 0o755);
  });
}
