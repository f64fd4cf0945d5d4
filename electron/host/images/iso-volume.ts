// Owns reading the volume descriptors of ISO 9660 (ECMA-119 §8) as far as a person wants to know them.
// Must not read files.

const sectorBytes = 2048;
const firstDescriptor = 16 * sectorBytes;

/** Trimmed volume identifier, '' when it has none, undefined when this is no ISO 9660 file system. */
export function isoVolumeLabel(head: Buffer): string | undefined {
  if (!isDescriptor(head, firstDescriptor)) return undefined;
  return head
    .toString('latin1', firstDescriptor + 40, firstDescriptor + 72)
    .replaceAll('\0', ' ')
    .trimEnd();
}

/** Whether a boot record of the El Torito specification is among the descriptors. */
export function hasElTorito(head: Buffer): boolean {
  for (let at = firstDescriptor; isDescriptor(head, at); at += sectorBytes) {
    const isBootRecord = head[at] === 0;
    if (isBootRecord && head.toString('latin1', at + 7, at + 30) === 'EL TORITO SPECIFICATION') return true;
  }
  return false;
}

function isDescriptor(head: Buffer, at: number): boolean {
  return head.length >= at + sectorBytes && head.toString('latin1', at + 1, at + 6) === 'CD001';
}
