import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { inspectVolume } from '../../../electron/host/disks/volume.ts';
import { keepsOut, parseLocks } from '../../../electron/host/disks/lock-holder.ts';
import { qemuImgCreate } from '../../../electron/host/images/qemu-img.ts';
import { tempDir } from '../temp-dir.ts';

test('reads the lines of the kernel', () => {
  const text = [
    '1: OFDLCK ADVISORY  READ -1 fe:00:1835019 201 201',
    '2: POSIX  ADVISORY  WRITE 1234 00:1b:42 0 EOF',
    '2: -> POSIX  ADVISORY  WRITE 1235 00:1b:42 0 EOF',
    '3: FLOCK  ADVISORY  WRITE 99 fe:00:7 0 EOF',
    '4: LEASE  ACTIVE    READ 5 fe:00:8 0 EOF',
    'nonsense',
    '',
  ].join('\n');
  expect(parseLocks(text)).toEqual([
    { pid: -1, mode: 'READ', file: 'fe:00:1835019', start: 201, end: 201 },
    { pid: 1234, mode: 'WRITE', file: '00:1b:42', start: 0, end: Number.MAX_SAFE_INTEGER },
  ]);
});

test.for([
  { name: 'a writer', start: 101, mode: 'READ', keepsReaderOut: true, keepsWriterOut: true },
  { name: 'a reader that shares', start: 100, mode: 'READ', keepsReaderOut: false, keepsWriterOut: false },
  { name: 'a reader that denies writing', start: 201, mode: 'READ', keepsReaderOut: false, keepsWriterOut: true },
  { name: 'a whole-file lock', start: 0, mode: 'WRITE', keepsReaderOut: true, keepsWriterOut: true },
] as const)('$name', ({ start, mode, keepsReaderOut, keepsWriterOut }) => {
  const lock = { pid: -1, mode, file: 'fe:00:1', start, end: start };
  expect([keepsOut(lock, { writable: false }), keepsOut(lock, { writable: true })]).toEqual([keepsReaderOut, keepsWriterOut]);
});

/** A real QEMU, halted before its first instruction, with the disk attached as a machine would have it. */
async function qemuWith(disk: string, readOnly: boolean): Promise<number> {
  const child = spawn(
    'qemu-system-x86_64',
    [
      '-nodefaults',
      '-S',
      '-display',
      'none',
      '-accel',
      'tcg',
      '-qmp',
      'stdio',
      '-drive',
      `if=virtio,format=qcow2,file=${disk},readonly=${readOnly ? 'on' : 'off'}`,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  // The greeting comes when devices, and with them the locks, are there.
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}

test.for([
  { name: 'writes', readOnly: false, lockedForReader: true, lockedForWriter: true },
  { name: 'reads', readOnly: true, lockedForReader: false, lockedForWriter: true },
])('sees a QEMU that $name', async ({ readOnly, lockedForReader, lockedForWriter }) => {
  const disk = path.join(tempDir(), 'disk.qcow2');
  await qemuImgCreate(disk, 'qcow2', 2 ** 20);
  const free = await inspectVolume(disk, { writable: true });
  const pid = await qemuWith(disk, readOnly);
  const holder = `qemu-system-x86 (process ${pid})`;
  const fact = (writable: boolean, locked: boolean): object => ({
    state: 'ready',
    path: disk,
    format: 'qcow2',
    virtualSizeBytes: 2 ** 20,
    writable,
    ...(locked ? { lockedBy: holder } : {}),
  });
  expect({
    free,
    reader: await inspectVolume(disk, { writable: false }),
    writer: await inspectVolume(disk, { writable: true }),
  }).toEqual({ free: fact(true, false), reader: fact(false, lockedForReader), writer: fact(true, lockedForWriter) });
});
