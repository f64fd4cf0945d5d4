// Owns a disk of one sector whose boot loader does nothing but tell QEMU's panic device that its guest panicked.
// Must not test anything.

/** Where the product puts the panic device: slot 0xf of bus 0, its first base address (PCI configuration mechanism 1). */
const panicBaseAddress = '10 78 00 80';

/** x86, from 0000:7c00 in real mode: finds the device's memory, which lies above what real mode reaches, and writes a 1 there. */
const code = [
  'fa', // cli
  `66 b8 ${panicBaseAddress}`, // mov eax, panicBaseAddress
  'ba f8 0c', // mov dx, 0xcf8
  '66 ef', // out dx, eax
  'ba fc 0c', // mov dx, 0xcfc
  '66 ed', // in eax, dx
  '66 83 e0 f0', // and eax, ~0xf: the low bits say what kind of address it is
  '66 89 c3', // mov ebx, eax
  '31 c0', // xor ax, ax
  '8e d8', // mov ds, ax
  '0f 01 16 50 7c', // lgdt [0x7c50]
  '0f 20 c0', // mov eax, cr0
  '0c 01', // or al, 1: protected mode, for as long as it takes to load a segment without a limit
  '0f 22 c0', // mov cr0, eax
  'b9 08 00', // mov cx, 8
  '8e d9', // mov ds, cx
  '24 fe', // and al, 0xfe
  '0f 22 c0', // mov cr0, eax
  '67 c6 03 01', // mov byte [ebx], 1
  'f4', // hlt
  'eb fd', // jmp to the hlt
];

const descriptorsAt = 0x40;
const descriptors = '00 00 00 00 00 00 00 00 ff ff 00 00 00 92 cf 00';
/** Limit and address of the descriptors. */
const descriptorTable = '0f 00 40 7c 00 00';

/** SeaBIOS runs it within a second. */
export function dyingDisk(): Uint8Array {
  const sector = Buffer.alloc(512);
  bytes(code.join(' ')).copy(sector, 0);
  bytes(`${descriptors} ${descriptorTable}`).copy(sector, descriptorsAt);
  bytes('55 aa').copy(sector, 510);
  return Buffer.concat([sector, Buffer.alloc(1024 * 1024 - sector.length)]);
}

function bytes(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}
