// Owns a disk with the tests' Debian on it, to be written to: what is written stands in a file of its own beside the kept image.
// Must not start anything.
import path from 'node:path';
import { runCommand } from '../../electron/host/exec.ts';
import { debianImage } from '../guests/debian-image.ts';

export interface DebianDisk {
  /** qcow2. */
  readonly file: string;
  readonly rootPartition: number;
}

export async function debianDisk(folder: string): Promise<DebianDisk> {
  const file = path.join(folder, 'debian.qcow2');
  const args = ['create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', await debianImage(), file];
  const made = await runCommand({ program: 'qemu-img', args, timeoutMs: 60_000 });
  if (made.code !== 0) throw new Error(`The disk was not made: ${made.stderr}`);
  return { file, rootPartition: 3 };
}

/** It is /dev/vda. With `keeps: false` what is written is forgotten at the end. */
export function diskArguments({ file }: DebianDisk, { keeps = true }: { readonly keeps?: boolean } = {}): readonly string[] {
  const drive = `if=none,id=debian,file=${file},format=qcow2,cache=unsafe,discard=unmap${keeps ? '' : ',snapshot=on'}`;
  return ['-drive', drive, '-device', 'virtio-blk-pci,drive=debian,bus=pcie.0,addr=0x4'];
}
