// Owns images made with qemu-img as an attacker would make them.
// Must not open them.
import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface HostileImage {
  readonly name: string;
  readonly make: (folder: string) => string;
  /** Reasons of the causes, in order. */
  readonly reasons: readonly string[];
}

const inside = (folder: string, name: string): string => path.join(folder, name);

function qemuImg(...args: readonly string[]): void {
  execFileSync('qemu-img', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Once more when it throws, so many times in all. */
function insist(times: number, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (times === 1) throw error;
    insist(times - 1, work);
  }
}

export const hostileImages: readonly HostileImage[] = [
  {
    name: 'a backing file that is a file of the host',
    make: (folder) => {
      const file = inside(folder, 'a.qcow2');
      qemuImg('create', '-q', '-u', '-f', 'qcow2', '-b', '/etc/passwd', '-F', 'raw', file, '1M');
      return file;
    },
    reasons: ['BackingFile'],
  },
  {
    name: 'a backing file in the form of json:',
    make: (folder) => {
      const file = inside(folder, 'a.qcow2');
      const backing = 'json:{"driver":"raw","file":{"driver":"file","filename":"/etc/shadow"}}';
      qemuImg('create', '-q', '-u', '-f', 'qcow2', '-b', backing, '-F', 'raw', file, '1M');
      return file;
    },
    reasons: ['BackingFile'],
  },
  {
    name: 'a data file outside',
    make: (folder) => {
      const file = inside(folder, 'a.qcow2');
      qemuImg('create', '-q', '-f', 'qcow2', '-o', `data_file=${inside(folder, 'data.raw')},data_file_raw=on`, file, '1M');
      return file;
    },
    reasons: ['ExternalDataFile'],
  },
  {
    name: 'a petabyte in a few kilobytes',
    make: (folder) => {
      const file = inside(folder, 'a.qcow2');
      qemuImg('create', '-q', '-f', 'qcow2', '-o', 'cluster_size=2M', file, '1P');
      return file;
    },
    reasons: ['TooLarge'],
  },
  {
    name: 'LUKS inside',
    make: (folder) => {
      const file = inside(folder, 'a.qcow2');
      const secret = inside(folder, 'secret');
      writeFileSync(secret, 'geheim');
      const options = 'encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=10';
      // It times this processor to choose its iterations, and gives up when others have it meanwhile.
      const args = ['create', '-q', '--object', `secret,id=s,file=${secret}`, '-f', 'qcow2', '-o', options, file, '1M'];
      insist(5, () => qemuImg(...args));
      return file;
    },
    reasons: ['Encrypted'],
  },
  {
    name: 'cut off',
    make: (folder) => {
      const file = inside(folder, 'a.qcow2');
      qemuImg('create', '-q', '-f', 'qcow2', file, '1M');
      truncateSync(file, 70_000);
      return file;
    },
    reasons: ['Damaged'],
  },
  {
    name: 'only a magic',
    make: (folder) => {
      const file = inside(folder, 'a.qcow2');
      writeFileSync(file, Buffer.from('QFI\xfb', 'latin1'));
      return file;
    },
    reasons: ['Damaged'],
  },
  {
    name: 'a VMDK that is a list of other files',
    make: (folder) => {
      const file = inside(folder, 'a.vmdk');
      qemuImg('create', '-q', '-f', 'vmdk', '-o', 'subformat=monolithicFlat', file, '1M');
      return file;
    },
    reasons: ['ExternalDataFile'],
  },
  {
    name: 'a VMDK with a parent',
    make: (folder) => {
      const [parent, file] = [inside(folder, 'parent.vmdk'), inside(folder, 'a.vmdk')];
      qemuImg('create', '-q', '-f', 'vmdk', parent, '1M');
      qemuImg('create', '-q', '-f', 'vmdk', '-b', parent, '-F', 'vmdk', file);
      return file;
    },
    reasons: ['BackingFile'],
  },
  {
    name: 'a VMDK whose capacity sends QEMU to its list of files',
    make: (folder) => {
      const file = inside(folder, 'a.vmdk');
      const bytes = Buffer.alloc(65536);
      bytes.write('KDMV', 0, 'latin1');
      bytes.writeUInt32LE(1, 4);
      bytes.writeBigUInt64LE(1n, 28);
      bytes.writeBigUInt64LE(20n, 36);
      bytes.write('# Disk DescriptorFile\ncreateType="monolithicFlat"\nRW 2048 FLAT "/etc/passwd" 0\n', 512);
      writeFileSync(file, bytes);
      return file;
    },
    reasons: ['ExternalDataFile'],
  },
  {
    name: 'a differencing VHD',
    make: (folder) => {
      const file = inside(folder, 'a.vhd');
      const bytes = Buffer.alloc(4096);
      bytes.write('conectix', 0, 'latin1');
      bytes.writeUInt32BE(4, 60);
      writeFileSync(file, bytes);
      return file;
    },
    reasons: ['BackingFile'],
  },
  {
    name: 'a web page under the name of an installer',
    make: (folder) => {
      const file = inside(folder, 'virtio-win.iso');
      writeFileSync(file, '<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>\n');
      return file;
    },
    reasons: ['NotAnImage'],
  },
  {
    name: 'an empty file',
    make: (folder) => {
      const file = inside(folder, 'a.raw');
      writeFileSync(file, '');
      return file;
    },
    reasons: ['NotAnImage'],
  },
];
