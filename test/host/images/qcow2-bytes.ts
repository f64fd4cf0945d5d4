// Owns qcow2 headers made by hand, sound or broken.
// Must not call qemu-img.

export interface Qcow2Fields {
  readonly version: number;
  readonly backingOffset: bigint;
  readonly backingLength: number;
  readonly clusterBits: number;
  readonly size: bigint;
  readonly crypt: number;
  readonly l1Entries: number;
  readonly l1Offset: bigint;
  readonly refcountOffset: bigint;
  readonly refcountClusters: number;
  readonly snapshots: number;
  readonly snapshotsOffset: bigint;
  readonly incompatible: bigint;
  readonly headerLength: number;
}

/** 1 GiB in clusters of 64 KiB, as `qemu-img create -f qcow2 x 1G` writes it into a file of 196,624 bytes. */
const sound: Qcow2Fields = {
  version: 3,
  backingOffset: 0n,
  backingLength: 0,
  clusterBits: 16,
  size: 2n ** 30n,
  crypt: 0,
  l1Entries: 2,
  l1Offset: 0x30000n,
  refcountOffset: 0x10000n,
  refcountClusters: 1,
  snapshots: 0,
  snapshotsOffset: 0n,
  incompatible: 0n,
  headerLength: 104,
};
export const soundFileBytes = 0x30000 + 16;

export function qcow2Bytes(
  changes: Partial<Qcow2Fields> = {},
  extra: readonly { readonly at: number; readonly bytes: Uint8Array }[] = [],
): Buffer {
  const fields = { ...sound, ...changes };
  const bytes = Buffer.alloc(65536);
  bytes.write('QFI\xfb', 0, 'latin1');
  bytes.writeUInt32BE(fields.version, 4);
  bytes.writeBigUInt64BE(fields.backingOffset, 8);
  bytes.writeUInt32BE(fields.backingLength, 16);
  bytes.writeUInt32BE(fields.clusterBits, 20);
  bytes.writeBigUInt64BE(fields.size, 24);
  bytes.writeUInt32BE(fields.crypt, 32);
  bytes.writeUInt32BE(fields.l1Entries, 36);
  bytes.writeBigUInt64BE(fields.l1Offset, 40);
  bytes.writeBigUInt64BE(fields.refcountOffset, 48);
  bytes.writeUInt32BE(fields.refcountClusters, 56);
  bytes.writeUInt32BE(fields.snapshots, 60);
  bytes.writeBigUInt64BE(fields.snapshotsOffset, 64);
  bytes.writeBigUInt64BE(fields.incompatible, 72);
  bytes.writeUInt32BE(4, 96);
  bytes.writeUInt32BE(fields.headerLength, 100);
  for (const { at, bytes: part } of extra) bytes.set(part, at);
  return bytes;
}
