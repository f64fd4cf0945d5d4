import { expect, test } from 'vitest';
import { grubBiosPieces } from '../../../electron/host/images/grub-bios.ts';

test('boot.img learns where core.img is, and core.img where its rest is', () => {
  const boot = Buffer.alloc(512, 0xaa);
  const core = Buffer.alloc(1300, 0xbb);
  const { bootCode, core: padded } = grubBiosPieces(boot, core, 2048);
  const found = {
    bootCodeBytes: bootCode.length,
    coreSector: Buffer.from(bootCode).readBigUInt64LE(0x5c),
    driveCheck: Buffer.from(bootCode).readUInt16LE(0x66),
    untouched: [bootCode[0x5b], bootCode[0x64], bootCode[0x65], bootCode[0x68]],
    coreBytes: padded.length,
    restSector: Buffer.from(padded).readBigUInt64LE(512 - 12),
    lengthAndSegment: Buffer.from(padded).toString('hex', 508, 512),
  };
  expect(found).toEqual({
    bootCodeBytes: 440,
    coreSector: 2048n,
    driveCheck: 0x9090,
    untouched: [0xaa, 0xaa, 0xaa, 0xaa],
    coreBytes: 1536,
    restSector: 2049n,
    // grub-mkimage's, kept.
    lengthAndSegment: 'bbbbbbbb',
  });
});

test.for([
  { name: 'a boot.img of another size', boot: 511, core: 1024, message: 'boot.img has 511 bytes, not 512' },
  { name: 'an empty core.img', boot: 512, core: 512, message: 'core.img has only 512 bytes' },
])('$name is refused', ({ boot, core, message }) => {
  expect(() => grubBiosPieces(Buffer.alloc(boot), Buffer.alloc(core), 2048)).toThrow(message);
});
