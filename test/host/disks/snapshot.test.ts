// Owns the proof that the state of an image is kept inside it, gone back to and freed.
// Must not start a machine.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { qemuImgCreate, qemuImgSnapshot } from '../../../electron/host/images/qemu-img.ts';
import { tempDir } from '../temp-dir.ts';

const run = (program: string, ...args: readonly string[]): string => execFileSync(program, args, { encoding: 'utf8' });

function firstByte(image: string): string {
  return run('qemu-io', '-f', 'qcow2', '-c', 'read -v 0 512', image).slice(11, 13);
}

test('kept, gone back to, freed; a comma in the name is no option; what is not there is no failure to free', async () => {
  const image = join(tempDir(), 'disk,snapshot=on.qcow2');
  await qemuImgCreate(image, 'qcow2', 1024 * 1024);
  run('qemu-io', '-f', 'qcow2', '-c', 'write -P 0x11 0 512', image);
  await qemuImgSnapshot(image, 'take', 'vd-one');
  run('qemu-io', '-f', 'qcow2', '-c', 'write -P 0x22 0 512', image);
  const before = firstByte(image);
  await qemuImgSnapshot(image, 'goBack', 'vd-one');
  const after = firstByte(image);
  await qemuImgSnapshot(image, 'forget', 'vd-one');
  await qemuImgSnapshot(image, 'forget', 'vd-one');
  expect([before, after, run('qemu-img', 'snapshot', '-l', image).includes('vd-one')]).toEqual(['22', '11', false]);
  await expect(qemuImgSnapshot(image, 'goBack', 'vd-one')).rejects.toMatchObject({ code: 'ToolFailed' });
});
