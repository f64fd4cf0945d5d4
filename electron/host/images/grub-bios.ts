// Owns how GRUB's two BIOS pieces are joined to a disk: what grub-bios-setup patches, without its need for a block device.
// Must not touch files; boot-disk.ts writes what this returns.
import { sectorBytes } from './gpt.ts';

/** Offsets in boot.img, from GRUB's include/grub/i386/pc/boot.h. */
export const bootCodeBytes = 440;
const coreSectorOffset = 0x5c;
const driveCheckOffset = 0x66;
/** The block list at the end of core.img's first sector: start (8), sectors (2), segment (2). */
const blockListOffset = sectorBytes - 12;

export interface GrubBiosPieces {
  /** The 440 bytes of the master boot record before the disk signature. */
  readonly bootCode: Uint8Array;
  /** For the BIOS boot partition, padded to whole sectors. */
  readonly core: Uint8Array;
}

/** `coreSector` is where the BIOS boot partition begins. Throws RangeError when a piece is not GRUB's. */
export function grubBiosPieces(bootImage: Uint8Array, coreImage: Uint8Array, coreSector: number): GrubBiosPieces {
  if (bootImage.length !== sectorBytes) throw new RangeError(`boot.img has ${bootImage.length} bytes, not 512`);
  if (coreImage.length <= sectorBytes) throw new RangeError(`core.img has only ${coreImage.length} bytes`);
  const bootCode = Buffer.from(bootImage.subarray(0, bootCodeBytes));
  bootCode.writeBigUInt64LE(BigInt(coreSector), coreSectorOffset);
  // Two NOPs instead of a jump: with them boot.img mistrusts a BIOS that says "floppy" for a hard disk.
  bootCode.writeUInt16LE(0x9090, driveCheckOffset);
  const sectors = Math.ceil(coreImage.length / sectorBytes);
  const core = Buffer.alloc(sectors * sectorBytes);
  core.set(coreImage);
  // grub-mkimage has filled in the number of sectors and the segment; only it knows the segment.
  core.writeBigUInt64LE(BigInt(coreSector + 1), blockListOffset);
  return { bootCode, core };
}
