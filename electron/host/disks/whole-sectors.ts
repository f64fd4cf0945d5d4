// Owns rounding a disk's size up to what QEMU can address.
// Must not touch a file.
const sectorBytes = 512;

export function wholeSectors(bytes: number): number {
  return Math.ceil(bytes / sectorBytes) * sectorBytes;
}
