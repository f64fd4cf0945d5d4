import { expect, test } from 'vitest';
import fc from 'fast-check';
import { qcow2Causes } from '../../../electron/host/images/image-checks.ts';
import { parseQcow2Header, type Qcow2Header } from '../../../electron/host/images/qcow2-header.ts';
import { qcow2Bytes, soundFileBytes, type Qcow2Fields } from './qcow2-bytes.ts';

const sound: Qcow2Header = {
  version: 3,
  virtualSizeBytes: 2 ** 30,
  clusterBytes: 65536,
  encrypted: false,
  snapshots: 0,
  externalDataFile: false,
  unknownFeatures: 0n,
  markedCorrupt: false,
  faults: [],
};

test('a sound header is read whole', () => {
  expect(parseQcow2Header(qcow2Bytes(), soundFileBytes)).toEqual(sound);
});

test('version 2 has no features', () => {
  const bytes = qcow2Bytes({ version: 2, incompatible: 4n });
  expect(parseQcow2Header(bytes, soundFileBytes)).toEqual({ ...sound, version: 2 });
});

const backing = { backingOffset: 0x200n, backingLength: 11 };
const backingName = [{ at: 0x200, bytes: Buffer.from('/etc/passwd') }];
const externalData = Buffer.from([0x44, 0x41, 0x54, 0x41, 0, 0, 0, 3, 0x61, 0x62, 0x63, 0, 0, 0, 0, 0]);

interface Case {
  readonly name: string;
  readonly changes: Partial<Qcow2Fields>;
  readonly extra?: readonly { readonly at: number; readonly bytes: Uint8Array }[];
  readonly fileBytes?: number;
  /** Of each cause, its reason and its message. */
  readonly causes: readonly string[];
}

const damaged = (fault: string): string => `Damaged: The image is damaged or cut off: ${fault}.`;

const cases: readonly Case[] = [
  { name: 'a sound image', changes: {}, causes: [] },
  { name: 'the largest image allowed', changes: { size: 64n * 2n ** 40n, l1Entries: 131072 }, fileBytes: 2 ** 30, causes: [] },
  {
    name: 'a backing file',
    changes: backing,
    extra: backingName,
    causes: ['BackingFile: The image is only the difference to another file ("/etc/passwd"), which could be any file of this computer.'],
  },
  {
    name: 'a backing file whose name is far away',
    changes: { backingOffset: 2n ** 40n, backingLength: 11 },
    causes: ['BackingFile: The image is only the difference to another file (""), which could be any file of this computer.'],
  },
  {
    name: 'an external data file by its feature bit',
    changes: { incompatible: 4n },
    causes: ['ExternalDataFile: The image keeps its data in another file, which could be any file of this computer.'],
  },
  {
    name: 'an external data file by its extension',
    changes: {},
    extra: [{ at: 104, bytes: externalData }],
    causes: ['ExternalDataFile: The image keeps its data in another file, which could be any file of this computer.'],
  },
  { name: 'LUKS', changes: { crypt: 2 }, causes: ['Encrypted: The image is encrypted, and there is no key for it here.'] },
  { name: 'the corrupt bit', changes: { incompatible: 2n }, causes: ['MarkedCorrupt: QEMU has marked the image as corrupt.'] },
  { name: 'the dirty bit, which QEMU mends', changes: { incompatible: 1n }, causes: [] },
  { name: 'compression and extended entries', changes: { incompatible: 24n, l1Entries: 4 }, fileBytes: 0x30020, causes: [] },
  {
    name: 'a feature of the future',
    changes: { incompatible: 1n << 40n },
    causes: ['UnknownFeatures: The image needs features that QEMU does not have (bits 0x10000000000).'],
  },
  { name: 'version 9', changes: { version: 9 }, causes: [damaged('its version is 9, not 2 or 3')] },
  { name: 'clusters of 2 GiB', changes: { clusterBits: 31 }, causes: [damaged('its cluster size is 2^31 bytes')] },
  { name: 'no size', changes: { size: 0n }, causes: [damaged('its virtual size is 0')] },
  { name: 'a short map', changes: { l1Entries: 1 }, causes: [damaged('its map has 1 entries where 2 are needed')] },
  {
    name: 'a map of 32 GiB',
    changes: { l1Entries: 0xffffffff },
    causes: [damaged('its map would be 34359738360 bytes long')],
  },
  { name: 'a map beyond the end', changes: { l1Offset: 0x40000n }, causes: [damaged('its map lies beyond the end of the file')] },
  { name: 'a map at an odd place', changes: { l1Offset: 0x30001n }, causes: [damaged('its map is at an impossible place')] },
  {
    name: 'no reference counts',
    changes: { refcountClusters: 0 },
    causes: [damaged('its reference count table is empty')],
  },
  {
    name: 'a reference count table of 256 TiB',
    changes: { refcountClusters: 0xffffffff },
    causes: [damaged('its reference count table would be 281474976645120 bytes long')],
  },
  { name: 'a million snapshots', changes: { snapshots: 1e6 }, causes: [damaged('it claims 1000000 snapshots')] },
  {
    name: 'snapshots beyond the end',
    changes: { snapshots: 1, snapshotsOffset: 2n ** 50n },
    causes: [damaged('its snapshot table lies beyond the end of the file')],
  },
  {
    name: 'a cut file',
    changes: {},
    fileBytes: 0x20000,
    causes: [damaged('its map lies beyond the end of the file')],
  },
  {
    name: 'a petabyte',
    changes: { size: 2n ** 50n, clusterBits: 21, l1Entries: 2048, refcountOffset: 2n ** 21n, l1Offset: 2n ** 22n },
    fileBytes: 2 ** 23,
    causes: ['TooLarge: The image says that it is 1 PiB large; the limit is 64 TiB.'],
  },
];

test.for(cases)('$name', ({ changes, extra, fileBytes, causes }) => {
  const header = parseQcow2Header(qcow2Bytes(changes, extra), fileBytes ?? soundFileBytes);
  const found = header === undefined ? undefined : qcow2Causes(header, 'spec.source').map(({ reason, message }) => `${reason}: ${message}`);
  expect(found).toEqual(causes);
});

test('bytes that are no qcow2 are none', () => {
  expect([parseQcow2Header(Buffer.alloc(65536), 65536), parseQcow2Header(qcow2Bytes().subarray(0, 71), 71)]).toEqual([
    undefined,
    undefined,
  ]);
});

test('never throws, and never lets a stranger file through, whatever the bytes are', () => {
  const offsets = fc.array(fc.record({ at: fc.nat({ max: 200 }), byte: fc.nat({ max: 255 }) }), { maxLength: 40 });
  fc.assert(
    fc.property(offsets, fc.nat({ max: 65536 }), fc.nat({ max: 1 << 30 }), (changes, length, fileBytes) => {
      const bytes = qcow2Bytes(backing, backingName);
      // The magic stays, so that the rest is read.
      for (const { at, byte } of changes) if (at >= 4) bytes[at] = byte;
      const header = parseQcow2Header(bytes.subarray(0, length), fileBytes);
      if (header === undefined) return;
      const names = qcow2Causes(header, 'x').map(({ reason }) => reason);
      expect(header.backingFile === undefined || names.includes('BackingFile')).toBe(true);
      expect(Number.isFinite(header.virtualSizeBytes)).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

test('random bytes after the magic do not throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(), (rest, fileBytes) => {
      parseQcow2Header(Buffer.concat([Buffer.from('QFI\xfb', 'latin1'), rest]), fileBytes);
    }),
    { numRuns: 5000 },
  );
});
