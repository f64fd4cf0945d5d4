// Owns the bytes of a GUID partition table (UEFI specification 2.10, chapter 5), its protective MBR and its copy at the end.
// Must not touch files; boot-disk.ts writes what this returns.
import { crc32 } from 'node:zlib';

export const sectorBytes = 512;
/** Protective MBR, header, 128 entries of 128 bytes. */
const headSectors = 34;
/** The copy: entries, then header; no MBR. */
const tailSectors = 33;
const entryCount = 128;
const entryBytes = 128;
export const tableHeadBytes = headSectors * sectorBytes;

export const partitionTypes = {
  biosBoot: '21686148-6449-6e6f-744e-656564454649',
  efiSystem: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b',
  /** Root of x86-64, by the Discoverable Partitions Specification. */
  rootX64: '4f68bce3-e8cd-4db1-96e7-fbcaf984b709',
} as const;

export interface Partition {
  readonly type: string;
  readonly uuid: string;
  /** At most 36 UTF-16 units. */
  readonly name: string;
  readonly firstSector: number;
  readonly sectors: number;
}

export interface PartitionTable {
  readonly diskUuid: string;
  readonly diskSectors: number;
  readonly partitions: readonly Partition[];
}

export interface TableBytes {
  /** Sectors 0 to 33. The first 440 bytes are left zero for boot code. */
  readonly head: Uint8Array;
  /** The last 33 sectors. */
  readonly tail: Uint8Array;
  readonly tailOffset: number;
}

export function gptBytes(table: PartitionTable): TableBytes {
  const entries = Buffer.alloc(entryCount * entryBytes);
  for (const [index, partition] of table.partitions.entries()) writeEntry(entries.subarray(index * entryBytes), partition);
  const entriesCrc = crc32(entries);
  const last = table.diskSectors - 1;
  const head = Buffer.alloc(headSectors * sectorBytes);
  writeProtectiveMbr(head, table.diskSectors);
  header(table, { self: 1, other: last, entries: 2, entriesCrc }).copy(head, sectorBytes);
  entries.copy(head, 2 * sectorBytes);
  const tail = Buffer.alloc(tailSectors * sectorBytes);
  entries.copy(tail, 0);
  header(table, { self: last, other: 1, entries: last - tailSectors + 1, entriesCrc }).copy(tail, entries.length);
  return { head, tail, tailOffset: (table.diskSectors - tailSectors) * sectorBytes };
}

/** Reads a table that `gptBytes` made. Throws RangeError for anything else: no stranger's disk is changed. */
export function parseGpt(head: Uint8Array): Omit<PartitionTable, 'diskSectors'> {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const isOurs = bytes.length >= tableHeadBytes && bytes.toString('latin1', sectorBytes, sectorBytes + 8) === 'EFI PART';
  if (!isOurs || bytes.readUInt32LE(sectorBytes + 80) !== entryCount || bytes.readUInt32LE(sectorBytes + 84) !== entryBytes)
    throw new RangeError('This disk has no partition table that was made here.');
  const partitions: Partition[] = [];
  for (let index = 0; index < entryCount; index += 1) {
    const entry = bytes.subarray(2 * sectorBytes + index * entryBytes, 2 * sectorBytes + (index + 1) * entryBytes);
    if (entry.every((byte) => byte === 0)) continue;
    const firstSector = Number(entry.readBigUInt64LE(32));
    const sectors = Number(entry.readBigUInt64LE(40)) - firstSector + 1;
    const name = entry.toString('utf16le', 56).replace(/\0.*$/s, '');
    partitions.push({ type: guidText(entry.subarray(0, 16)), uuid: guidText(entry.subarray(16, 32)), name, firstSector, sectors });
  }
  return { diskUuid: guidText(bytes.subarray(sectorBytes + 56, sectorBytes + 72)), partitions };
}

/** The last sector that a partition may use. */
export function lastUsableSector(diskSectors: number): number {
  return diskSectors - tailSectors - 1;
}

function header(table: PartitionTable, at: { self: number; other: number; entries: number; entriesCrc: number }): Buffer {
  const bytes = Buffer.alloc(sectorBytes);
  bytes.write('EFI PART', 0, 'latin1');
  bytes.writeUInt32LE(0x00010000, 8);
  bytes.writeUInt32LE(92, 12);
  bytes.writeBigUInt64LE(BigInt(at.self), 24);
  bytes.writeBigUInt64LE(BigInt(at.other), 32);
  bytes.writeBigUInt64LE(BigInt(headSectors), 40);
  bytes.writeBigUInt64LE(BigInt(lastUsableSector(table.diskSectors)), 48);
  guidBytes(table.diskUuid).copy(bytes, 56);
  bytes.writeBigUInt64LE(BigInt(at.entries), 72);
  bytes.writeUInt32LE(entryCount, 80);
  bytes.writeUInt32LE(entryBytes, 84);
  bytes.writeUInt32LE(at.entriesCrc, 88);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 92)), 16);
  return bytes;
}

function writeEntry(bytes: Buffer, partition: Partition): void {
  guidBytes(partition.type).copy(bytes, 0);
  guidBytes(partition.uuid).copy(bytes, 16);
  bytes.writeBigUInt64LE(BigInt(partition.firstSector), 32);
  bytes.writeBigUInt64LE(BigInt(partition.firstSector + partition.sectors - 1), 40);
  bytes.write(partition.name.slice(0, 36), 56, 'utf16le');
}

function writeProtectiveMbr(bytes: Buffer, diskSectors: number): void {
  const entry = bytes.subarray(446, 462);
  // Cylinder, head and sector of 1 and of "beyond what can be said", as the specification prescribes.
  Buffer.from([0x00, 0x00, 0x02, 0x00, 0xee, 0xff, 0xff, 0xff]).copy(entry, 0);
  entry.writeUInt32LE(1, 8);
  entry.writeUInt32LE(Math.min(diskSectors - 1, 0xffffffff), 12);
  bytes.writeUInt16LE(0xaa55, 510);
}

function guidText(bytes: Buffer): string {
  const hex = guidBytes(bytes.toString('hex')).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The mixed-endian form: the first three groups are little-endian. */
function guidBytes(guid: string): Buffer {
  const hex = Buffer.from(guid.replaceAll('-', ''), 'hex');
  hex.subarray(0, 4).reverse();
  hex.subarray(4, 6).reverse();
  hex.subarray(6, 8).reverse();
  return hex;
}
