import { expect, test } from 'vitest';
import fc from 'fast-check';
import { detectFormat, type Detected } from '../../../electron/host/images/format.ts';

const nothing = new Uint8Array();

function at(offset: number, text: string, length = 40 * 1024): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.write(text, offset, 'latin1');
  return bytes;
}

function iso(label: string, bootable: boolean): Buffer {
  const bytes = Buffer.alloc(40 * 1024);
  bytes.write('\x01CD001\x01', 0x8000, 'latin1');
  bytes.write(label.padEnd(32), 0x8028, 'latin1');
  if (bootable) bytes.write('\x00CD001\x01EL TORITO SPECIFICATION', 0x8800, 'latin1');
  return bytes;
}

const bootSector = at(510, '\x55\xaa', 512);
const hybrid = iso('Debian 13', true);
bootSector.copy(hybrid, 0);

const cases: readonly { name: string; head: Uint8Array; tail?: Uint8Array; found: Detected }[] = [
  { name: 'qcow2', head: at(0, 'QFI\xfb'), found: { type: 'image', format: 'qcow2' } },
  { name: 'VMDK', head: at(0, 'KDMV'), found: { type: 'image', format: 'vmdk' } },
  { name: 'a VMDK description', head: Buffer.from('# Disk DescriptorFile\nversion=1\n'), found: { type: 'image', format: 'vmdk' } },
  { name: 'VDI', head: at(0x40, '\x7f\x10\xda\xbe'), found: { type: 'image', format: 'vdi' } },
  { name: 'VHDX', head: at(0, 'vhdxfile'), found: { type: 'image', format: 'vhdx' } },
  { name: 'a dynamic VHD', head: at(0, 'conectix'), found: { type: 'image', format: 'vpc' } },
  { name: 'a fixed VHD', head: bootSector, tail: at(0, 'conectix', 512), found: { type: 'image', format: 'vpc' } },
  { name: 'a disk with a boot sector', head: bootSector, found: { type: 'image', format: 'raw', bootable: true } },
  { name: 'an empty disk', head: Buffer.alloc(4096), found: { type: 'image', format: 'raw', bootable: false } },
  { name: 'an installer', head: iso('Fedora', true), found: { type: 'image', format: 'iso', bootable: true, label: 'Fedora' } },
  { name: 'a hybrid installer', head: hybrid, found: { type: 'image', format: 'iso', bootable: true, label: 'Debian 13' } },
  { name: 'a data disc without a name', head: iso('', false), found: { type: 'image', format: 'iso', bootable: false } },
  { name: 'xz', head: Buffer.from('\xfd7zXZ\0rest', 'latin1'), found: { type: 'compressed', compression: 'xz' } },
  { name: 'gzip', head: Buffer.from('\x1f\x8b\x08rest', 'latin1'), found: { type: 'compressed', compression: 'gz' } },
  { name: 'zstd', head: Buffer.from('\x28\xb5\x2f\xfdrest', 'latin1'), found: { type: 'compressed', compression: 'zst' } },
  { name: 'a web page', head: Buffer.from('\n<!DOCTYPE html><title>Login</title>'), found: { type: 'other', what: 'a web page' } },
  { name: 'a web page without a doctype', head: Buffer.from('<HTML><body>'), found: { type: 'other', what: 'a web page' } },
  { name: 'an error of a bucket', head: Buffer.from('<?xml version="1.0"?><Error/>'), found: { type: 'other', what: 'an XML document' } },
  { name: 'an error in words', head: Buffer.from('404 page not found\n'), found: { type: 'other', what: 'text' } },
  { name: 'zip', head: Buffer.from('PK\x03\x04', 'latin1'), found: { type: 'other', what: 'a zip archive' } },
  { name: 'OVA', head: at(257, 'ustar'), found: { type: 'other', what: 'a tar archive (an OVA or an unpacked root file system)' } },
  { name: 'nothing', head: nothing, found: { type: 'other', what: 'an empty file' } },
];

test.for(cases)('knows $name', ({ head, tail, found }) => {
  expect(detectFormat(head, tail ?? nothing)).toEqual(found);
});

test('takes any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2048 }), fc.uint8Array({ maxLength: 512 }), (head, tail) => {
      expect(['image', 'compressed', 'other']).toContain(detectFormat(head, tail).type);
    }),
    { numRuns: 2000 },
  );
});
