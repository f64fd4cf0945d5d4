// Owns why an image is refused: rules on headers, each with its reason and what to do.
// Must not read files nor run programs.
import type { Cause } from '../../api/errors.ts';
import type { Qcow2Header } from './qcow2-header.ts';
import { sizeText } from './size-text.ts';

/**
 * 64 TiB: beyond what any file system of a workstation holds in one file (ext4: 16 TiB, XFS: 8 EiB), far below the petabytes of an
 * image made to make its reader run out of memory.
 */
export const maxVirtualBytes = 64 * 2 ** 40;

interface Qcow2Rule {
  readonly reason: string;
  readonly broken: (header: Qcow2Header) => boolean;
  readonly message: (header: Qcow2Header) => string;
  readonly fix: string;
}

const copyAgain = 'Download or copy the image again.';

/** Order of importance: the first is what the user reads first. */
const qcow2Rules: readonly Qcow2Rule[] = [
  {
    reason: 'BackingFile',
    broken: ({ backingFile }) => backingFile !== undefined,
    message: ({ backingFile }) =>
      `The image is only the difference to another file (${JSON.stringify(backingFile)}), which could be any file of this computer.`,
    fix: 'Make one whole image of it where it comes from: qemu-img convert -O qcow2 IMAGE WHOLE.qcow2',
  },
  {
    reason: 'ExternalDataFile',
    broken: ({ externalDataFile }) => externalDataFile,
    message: () => 'The image keeps its data in another file, which could be any file of this computer.',
    fix: 'Make one whole image of it where it comes from: qemu-img convert -O qcow2 IMAGE WHOLE.qcow2',
  },
  {
    reason: 'Encrypted',
    broken: ({ encrypted }) => encrypted,
    message: () => 'The image is encrypted, and there is no key for it here.',
    fix: 'Decrypt it where its key is: qemu-img convert with the secret, to a plain qcow2 image.',
  },
  {
    reason: 'MarkedCorrupt',
    broken: ({ markedCorrupt }) => markedCorrupt,
    message: () => 'QEMU has marked the image as corrupt.',
    fix: 'Repair it with qemu-img check -r all IMAGE, or use a backup.',
  },
  {
    reason: 'UnknownFeatures',
    broken: ({ unknownFeatures }) => unknownFeatures !== 0n,
    message: ({ unknownFeatures }) => `The image needs features that QEMU does not have (bits 0x${unknownFeatures.toString(16)}).`,
    fix: 'Convert it with the program that made it to a plain qcow2 or raw image.',
  },
  {
    reason: 'Damaged',
    broken: ({ faults }) => faults.length > 0,
    message: ({ faults }) => `The image is damaged or cut off: ${faults.join('; ')}.`,
    fix: copyAgain,
  },
];

export function qcow2Causes(header: Qcow2Header, field: string): Cause[] {
  return [
    ...qcow2Rules.flatMap(({ reason, broken, message, fix }) => (broken(header) ? [{ reason, field, message: message(header), fix }] : [])),
    ...virtualSizeCauses(header.virtualSizeBytes, field),
  ];
}

export function virtualSizeCauses(virtualSizeBytes: number, field: string): Cause[] {
  if (virtualSizeBytes <= maxVirtualBytes) return [];
  const message = `The image says that it is ${sizeText(virtualSizeBytes)} large; the limit is ${sizeText(maxVirtualBytes)}.`;
  return [{ reason: 'TooLarge', field, message, fix: 'Use another image: no real disk is that large.' }];
}

/** QEMU opens what a VMDK's descriptor names, so only a file that is whole in itself is let through. */
export function vmdkCauses(head: Uint8Array, field: string): Cause[] {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const fix = 'Make one whole image of it where it comes from: qemu-img convert -O qcow2 DISK.vmdk WHOLE.qcow2';
  const refuse = (reason: string, message: string): Cause[] => [{ reason, field, message, fix }];
  if (bytes.toString('latin1', 0, 4) !== 'KDMV')
    return refuse('ExternalDataFile', 'This is only the description of a VMware disk; its data is in other files.');
  if (bytes.length < 64) return [{ reason: 'Damaged', field, message: 'The image is cut off.', fix: copyAgain }];
  // A capacity of 0 tells QEMU to follow the embedded descriptor's list of extents.
  if (bytes.readBigUInt64LE(12) === 0n) return refuse('ExternalDataFile', 'The VMware disk keeps its data in other files.');
  const descriptor = bytes.toString('latin1');
  if (/parentFileNameHint/i.test(descriptor)) return refuse('BackingFile', 'The VMware disk is only the difference to another file.');
  const kind = /createType\s*=\s*"([^"]*)"/i.exec(descriptor)?.[1] ?? 'monolithicSparse';
  if (!['monolithicsparse', 'streamoptimized'].includes(kind.toLowerCase()))
    return refuse('ExternalDataFile', `The VMware disk is of the kind ${JSON.stringify(kind)}, which spreads over several files.`);
  return [];
}

/** VHD footer: byte 60 tells fixed (2), dynamic (3) or differencing (4). */
export function vpcCauses(footer: Uint8Array, field: string): Cause[] {
  const bytes = Buffer.from(footer.buffer, footer.byteOffset, footer.byteLength);
  if (bytes.length < 64) return [{ reason: 'Damaged', field, message: 'The image is cut off.', fix: copyAgain }];
  if ([2, 3].includes(bytes.readUInt32BE(60))) return [];
  const message = 'The virtual hard disk is only the difference to another file.';
  return [{ reason: 'BackingFile', field, message, fix: 'Merge it with its parent where it comes from.' }];
}
