// Owns putting a disk image together that SeaBIOS and UEFI both boot: GPT, GRUB's BIOS pieces, EFI partition, root file system.
// Must not make the pieces; debian-build.ts and efi-partition.ts do.
import { randomUUID } from 'node:crypto';
import { open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { copySparse } from '../disks/sparse-copy.ts';
import {
  gptBytes,
  lastUsableSector,
  parseGpt,
  partitionTypes,
  sectorBytes,
  tableHeadBytes,
  type Partition,
  type PartitionTable,
} from './gpt.ts';
import { bootCodeBytes, grubBiosPieces } from './grub-bios.ts';

/** Partitions begin at whole MiB: no guest's block size straddles them. */
const mibSectors = (1024 * 1024) / sectorBytes;
const biosBootSector = mibSectors;

export interface BootDisk {
  /** Made new; must not exist. */
  readonly path: string;
  /** Absent: as small as the pieces allow. */
  readonly sizeBytes?: number;
  readonly grub: { readonly bootImage: string; readonly coreImage: string };
  /** File with the FAT file system. */
  readonly efiPartition: string;
  /** A partition at the end, left empty for a file system of at least this size. */
  readonly root?: { readonly partitionUuid: string; readonly sizeBytes: number };
}

/**
 * Writes the image as a sparse raw file of mode 0600 and says where the root partition begins. Cancelled or failed, it leaves the
 * file to its caller to remove.
 */
export async function writeBootDisk(disk: BootDisk, signal?: AbortSignal): Promise<{ readonly rootOffsetBytes: number }> {
  const efiSectors = Math.ceil((await stat(disk.efiPartition)).size / sectorBytes);
  const efiSector = biosBootSector + mibSectors;
  const rootSector = Math.ceil((efiSector + efiSectors) / mibSectors) * mibSectors;
  const rootBytes = disk.root?.sizeBytes ?? 0;
  const needed = (rootSector + mibSectors) * sectorBytes + rootBytes;
  const sizeBytes = Math.max(disk.sizeBytes ?? 0, Math.ceil(needed / 1048576) * 1048576);
  const diskSectors = sizeBytes / sectorBytes;
  const partitions: Partition[] = [
    { type: partitionTypes.biosBoot, uuid: randomUUID(), name: 'BIOS', firstSector: biosBootSector, sectors: mibSectors },
    { type: partitionTypes.efiSystem, uuid: randomUUID(), name: 'ESP', firstSector: efiSector, sectors: efiSectors },
  ];
  if (disk.root !== undefined)
    partitions.push({
      type: partitionTypes.rootX64,
      uuid: disk.root.partitionUuid,
      name: 'root',
      firstSector: rootSector,
      sectors: lastUsableSector(diskSectors) - rootSector + 1,
    });
  const grub = grubBiosPieces(await readFile(disk.grub.bootImage), await readFile(disk.grub.coreImage), biosBootSector);
  const file = await open(disk.path, 'wx', 0o600);
  try {
    await file.truncate(sizeBytes);
    await writeTable(file, { diskUuid: randomUUID(), diskSectors, partitions }, grub.bootCode);
    await file.write(grub.core, 0, grub.core.length, biosBootSector * sectorBytes);
    await copySparse(disk.efiPartition, file, { offset: efiSector * sectorBytes, signal });
    return { rootOffsetBytes: rootSector * sectorBytes };
  } finally {
    await file.close();
  }
}

/** Makes the last partition reach the end of a disk image that has become larger; boot code and everything else stay. */
export async function stretchLastPartition(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const head = Buffer.alloc(tableHeadBytes);
    await file.read(head, 0, head.length, 0);
    const diskSectors = Math.floor((await file.stat()).size / sectorBytes);
    const { diskUuid, partitions } = parseGpt(head);
    const last = partitions.at(-1);
    if (last === undefined) return;
    const stretched = { ...last, sectors: lastUsableSector(diskSectors) - last.firstSector + 1 };
    await writeTable(file, { diskUuid, diskSectors, partitions: [...partitions.slice(0, -1), stretched] }, head.subarray(0, bootCodeBytes));
  } finally {
    await file.close();
  }
}

async function writeTable(file: FileHandle, table: PartitionTable, bootCode: Uint8Array): Promise<void> {
  const { head, tail, tailOffset } = gptBytes(table);
  head.set(bootCode, 0);
  await file.write(head, 0, head.length, 0);
  await file.write(tail, 0, tail.length, tailOffset);
}
