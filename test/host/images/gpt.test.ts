import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { gptBytes, lastUsableSector, parseGpt, partitionTypes, sectorBytes } from '../../../electron/host/images/gpt.ts';

const table = {
  diskUuid: 'c5f3a1de-0123-4567-89ab-cdef01234567',
  diskSectors: 204_800,
  partitions: [
    { type: partitionTypes.biosBoot, uuid: '11111111-2222-3333-4444-555555555555', name: 'BIOS', firstSector: 2048, sectors: 2048 },
    { type: partitionTypes.efiSystem, uuid: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee', name: 'ESP', firstSector: 4096, sectors: 65_536 },
  ],
};

test('what is written is read back', () => {
  const { diskSectors: _, ...expected } = table;
  expect(parseGpt(gptBytes(table).head)).toEqual(expected);
});

test('the head and its copy agree with the specification, field by field', () => {
  const { head, tail, tailOffset } = gptBytes(table);
  const first = Buffer.from(head.subarray(sectorBytes, sectorBytes + 92));
  const copy = Buffer.from(tail.subarray(tail.length - sectorBytes, tail.length - sectorBytes + 92));
  const crcOf = (header: Buffer): number => {
    const blank = Buffer.from(header);
    blank.writeUInt32LE(0, 16);
    return crc32(blank);
  };
  const describe = (header: Buffer): object => ({
    signature: header.toString('latin1', 0, 8),
    headerCrcIsRight: header.readUInt32LE(16) === crcOf(header),
    self: Number(header.readBigUInt64LE(24)),
    other: Number(header.readBigUInt64LE(32)),
    firstUsable: Number(header.readBigUInt64LE(40)),
    lastUsable: Number(header.readBigUInt64LE(48)),
    diskUuid: header.toString('hex', 56, 72),
    entries: Number(header.readBigUInt64LE(72)),
    entriesCrcIsRight: header.readUInt32LE(88) === crc32(head.subarray(2 * sectorBytes)),
  });
  const common = {
    signature: 'EFI PART',
    headerCrcIsRight: true,
    firstUsable: 34,
    lastUsable: lastUsableSector(table.diskSectors),
    // The first three groups are little-endian.
    diskUuid: 'dea1f3c52301674589abcdef01234567',
    entriesCrcIsRight: true,
  };
  expect({
    first: describe(first),
    copy: describe(copy),
    tailOffset,
    sameEntries: Buffer.compare(tail.subarray(0, 128 * 128), head.subarray(1024)) === 0,
  }).toEqual({
    first: { ...common, self: 1, other: 204_799, entries: 2 },
    copy: { ...common, self: 204_799, other: 1, entries: 204_767 },
    tailOffset: 204_767 * sectorBytes,
    sameEntries: true,
  });
});

test('the protective record covers the disk and leaves room for boot code', () => {
  const { head } = gptBytes(table);
  expect({
    bootCode: head.subarray(0, 440).every((byte) => byte === 0),
    entry: Buffer.from(head.subarray(446, 462)).toString('hex'),
    mark: Buffer.from(head.subarray(510, 512)).toString('hex'),
  }).toEqual({ bootCode: true, entry: '00000200eeffffff01000000ff1f0300', mark: '55aa' });
});

test("a stranger's table is not touched", () => {
  expect(() => parseGpt(Buffer.alloc(34 * sectorBytes))).toThrow('This disk has no partition table that was made here.');
});
