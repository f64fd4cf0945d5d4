import { execFileSync } from 'node:child_process';
import { chmod, mkdir, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { inspectVolume } from '../../../electron/host/disks/volume.ts';
import { qcow2Bytes } from '../images/qcow2-bytes.ts';
import { tempDir } from '../temp-dir.ts';

const backing = qcow2Bytes({ backingOffset: 0x200n, backingLength: 11 }, [{ at: 0x200, bytes: Buffer.from('/etc/passwd') }]);

interface Case {
  readonly name: string;
  readonly file: string;
  readonly make: (file: string) => Promise<unknown>;
  readonly fact: (file: string) => object;
}

const sized =
  (bytes: Uint8Array, size: number) =>
  async (file: string): Promise<void> => {
    await writeFile(file, bytes);
    await truncate(file, size);
  };
const ready = (format: 'qcow2' | 'raw', virtualSizeBytes: number) => (file: string) => ({
  state: 'ready',
  path: file,
  format,
  virtualSizeBytes,
  writable: false,
});
const failed = (message: (file: string) => string) => (file: string) => ({ state: 'failed', message: message(file) });

const cases: readonly Case[] = [
  { name: 'a raw disk', file: 'a.raw', make: sized(Buffer.alloc(0), 2 ** 20), fact: ready('raw', 2 ** 20) },
  { name: 'a qcow2 disk', file: 'a.qcow2', make: sized(qcow2Bytes(), 2 ** 18), fact: ready('qcow2', 2 ** 30) },
  { name: 'a medium', file: 'a.iso', make: sized(Buffer.alloc(0), 2048), fact: ready('raw', 2048) },
  { name: "a stranger's disk", file: 'disk.img', make: sized(Buffer.alloc(0), 4096), fact: ready('raw', 4096) },
  {
    name: 'a raw disk into which its guest has written a header that names a file of ours',
    file: 'guest.raw',
    make: sized(backing, 2 ** 20),
    fact: ready('raw', 2 ** 20),
  },
  {
    name: 'a qcow2 disk with a backing file',
    file: 'a.qcow2',
    make: sized(backing, 2 ** 18),
    fact: failed(
      (file) =>
        `${file} is refused: The image is only the difference to another file ("/etc/passwd"), which could be any file of this computer. Make one whole image of it where it comes from: qemu-img convert -O qcow2 IMAGE WHOLE.qcow2`,
    ),
  },
  {
    name: 'rubbish named qcow2',
    file: 'a.qcow2',
    make: sized(Buffer.from('rubbish'), 4096),
    fact: failed((file) => `${file} is not a qcow2 image, or it is cut off.`),
  },
  {
    name: 'a qcow2 image under another name',
    file: 'ubuntu.img',
    make: sized(qcow2Bytes(), 2 ** 18),
    fact: failed((file) => `${file} holds a qcow2 image. Import it as a disk, or name it .qcow2.`),
  },
  {
    name: 'a VMDK',
    file: 'a.vmdk',
    make: sized(Buffer.from('KDMV'), 4096),
    fact: failed((file) => `${file} holds a vmdk image. Import it as a disk.`),
  },
  {
    name: 'a packed image',
    file: 'a.img.xz',
    make: sized(Buffer.from('\xfd7zXZ\0', 'latin1'), 4096),
    fact: failed((file) => `${file} is compressed. Import it as a disk.`),
  },
  { name: 'a folder', file: 'a.raw', make: mkdir, fact: failed((file) => `${file} is not a file.`) },
  {
    name: 'a pipe, which nobody writes to',
    file: 'a.raw',
    make: async (file) => execFileSync('mkfifo', [file]),
    fact: failed((file) => `${file} is not a file.`),
  },
  {
    name: 'nothing',
    file: 'a.raw',
    make: async () => undefined,
    fact: (file) => ({ state: 'missing', path: file, message: `There is no file ${file}.` }),
  },
];

test.for(cases)('$name', async ({ file, make, fact }) => {
  const target = path.join(tempDir(), file);
  await make(target);
  expect(await inspectVolume(target, { writable: false })).toEqual(fact(target));
});

// Root may write to everything, so only others can see this.
test.skipIf(process.getuid?.() === 0)('a disk that cannot be written', async () => {
  const file = path.join(tempDir(), 'a.raw');
  await writeFile(file, Buffer.alloc(512));
  await chmod(file, 0o400);
  expect(await inspectVolume(file, { writable: true })).toEqual({
    state: 'failed',
    message: `${file} cannot be written to. Make it writable (chmod u+w), or attach it read-only.`,
  });
});
