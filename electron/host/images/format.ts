// Owns telling what a file is by its first bytes: disk image, installer, compressed, or no image at all.
// Must not read files, nor trust names; QEMU is never asked to guess, because a guest can write any header into its own disk.
import { hasElTorito, isoVolumeLabel } from './iso-volume.ts';

export type ImageFormat = 'qcow2' | 'vmdk' | 'vdi' | 'vhdx' | 'vpc' | 'iso' | 'raw';
export type Compression = 'xz' | 'gz' | 'zst';

export type Detected =
  | { readonly type: 'image'; readonly format: ImageFormat; readonly bootable?: boolean; readonly label?: string }
  | { readonly type: 'compressed'; readonly compression: Compression }
  /** Something else; `what` completes "this is …". */
  | { readonly type: 'other'; readonly what: string };

/** Enough for every signature below, the ISO volume descriptors included. */
export const headBytes = 40 * 1024;
/** For VHD, whose signature is in the last sector. */
export const tailBytes = 512;

interface Signature {
  readonly offset: number;
  readonly bytes: string;
}

interface Rule extends Signature {
  readonly found: Detected;
}

const image = (format: ImageFormat): Detected => ({ type: 'image', format });
const compressed = (compression: Compression): Detected => ({ type: 'compressed', compression });
const other = (what: string): Detected => ({ type: 'other', what });

/** First match wins. Signatures as latin1 text. Sources: the formats' specifications and file(1)'s magic. */
const rules: readonly Rule[] = [
  { offset: 0, bytes: 'QFI\xfb', found: image('qcow2') },
  { offset: 0, bytes: 'KDMV', found: image('vmdk') },
  { offset: 0, bytes: '# Disk DescriptorFile', found: image('vmdk') },
  { offset: 0, bytes: 'COWD', found: other('a VMware ESX 2 disk') },
  { offset: 0x40, bytes: '\x7f\x10\xda\xbe', found: image('vdi') },
  { offset: 0, bytes: 'vhdxfile', found: image('vhdx') },
  { offset: 0, bytes: 'conectix', found: image('vpc') },
  { offset: 0, bytes: '\xfd7zXZ\0', found: compressed('xz') },
  { offset: 0, bytes: '\x1f\x8b\x08', found: compressed('gz') },
  { offset: 0, bytes: '\x28\xb5\x2f\xfd', found: compressed('zst') },
  { offset: 0, bytes: 'BZh', found: other('a bzip2 archive') },
  { offset: 0, bytes: 'PK\x03\x04', found: other('a zip archive') },
  { offset: 0, bytes: '7z\xbc\xaf\x27\x1c', found: other('a 7-Zip archive') },
  { offset: 0, bytes: 'Rar!\x1a\x07', found: other('a RAR archive') },
  { offset: 257, bytes: 'ustar', found: other('a tar archive (an OVA or an unpacked root file system)') },
  { offset: 0, bytes: '!<arch>\n', found: other('a Debian package') },
  { offset: 0, bytes: '\x7fELF', found: other('a program') },
  { offset: 0, bytes: '%PDF', found: other('a PDF document') },
  { offset: 0, bytes: '\x89PNG', found: other('a picture') },
  { offset: 0, bytes: '\xff\xd8\xff', found: other('a picture') },
  { offset: 0, bytes: 'hsqs', found: other('a squashfs file system without a disk around it') },
  { offset: 0, bytes: 'QED\0', found: other('a QED image') },
  { offset: 0, bytes: 'MSWIM\0\0\0', found: other('a Windows imaging file') },
];

const bootSectorMark: Signature = { offset: 510, bytes: '\x55\xaa' };

/** `head` is the file's beginning (up to `headBytes`), `tail` its last `tailBytes`. Never throws. */
export function detectFormat(head: Uint8Array, tail: Uint8Array): Detected {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes.length === 0) return other('an empty file');
  const label = isoVolumeLabel(bytes);
  // Before everything else: a hybrid ISO begins like a disk, with a boot sector and partitions.
  if (label !== undefined) return { type: 'image', format: 'iso', bootable: hasElTorito(bytes), ...(label === '' ? {} : { label }) };
  const rule = rules.find((candidate) => matches(bytes, candidate));
  if (rule !== undefined) return rule.found;
  if (matches(Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength), { offset: 0, bytes: 'conectix' })) return image('vpc');
  const text = textKind(bytes);
  if (text !== undefined) return other(text);
  return { type: 'image', format: 'raw', bootable: matches(bytes, bootSectorMark) };
}

function matches(bytes: Buffer, { offset, bytes: wanted }: Signature): boolean {
  return bytes.length >= offset + wanted.length && bytes.toString('latin1', offset, offset + wanted.length) === wanted;
}

/** A web page or an error message saved under an image's name. Disks are full of zeros and control bytes, text is not. */
function textKind(bytes: Buffer): string | undefined {
  const start = bytes.subarray(0, 512);
  if (start.some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b))) return undefined;
  const text = start.toString('utf8').trimStart().toLowerCase();
  if (text.startsWith('<!doctype html') || text.startsWith('<html') || text.includes('<head')) return 'a web page';
  if (text.startsWith('<?xml')) return 'an XML document';
  return 'text';
}
