// Owns reading the qcow2 header (QEMU's docs/interop/qcow2.txt) with a stranger's eyes: numbers first, sense afterwards.
// Must not read files, nor decide whether an image is welcome; image-checks.ts does.

export interface Qcow2Header {
  readonly version: number;
  readonly virtualSizeBytes: number;
  readonly clusterBytes: number;
  /** Name of the backing file; '' when there is one whose name does not fit into the header's cluster. */
  readonly backingFile?: string;
  readonly encrypted: boolean;
  readonly snapshots: number;
  readonly externalDataFile: boolean;
  /** Incompatible feature bits that no QEMU up to 10 knows. */
  readonly unknownFeatures: bigint;
  readonly markedCorrupt: boolean;
  /** What contradicts itself, e.g. a table beyond the end of the file. Empty for a sound header. */
  readonly faults: readonly string[];
}

/** Enough for the header, its extensions and the backing file's name of any image with clusters up to 64 KiB. */
export const qcow2HeaderBytes = 64 * 1024;

const magic = 0x514649fb;
const feature = { dirty: 1n, corrupt: 2n, externalData: 4n, compression: 8n, extendedL2: 16n };
const knownFeatures = feature.dirty | feature.corrupt | feature.externalData | feature.compression | feature.extendedL2;
/** QEMU's own limits (block/qcow2.h): more is refused there, so the number is nonsense. */
const maxL1Bytes = 32 * 1024 * 1024;
const maxRefcountTableBytes = 8 * 1024 * 1024;
const maxSnapshots = 65536;
const externalDataExtension = 0x44415441;

/** Undefined when the bytes do not begin with a qcow2 header. Never throws, whatever the bytes are. */
export function parseQcow2Header(head: Uint8Array, fileBytes: number): Qcow2Header | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes.length < 72 || bytes.readUInt32BE(0) !== magic) return undefined;
  const version = bytes.readUInt32BE(4);
  const faults: string[] = [];
  if (version !== 2 && version !== 3) faults.push(`its version is ${version}, not 2 or 3`);
  if (version >= 3 && bytes.length < 104) faults.push('its header is cut off');
  const long = version >= 3 && bytes.length >= 104;
  const features = long ? bytes.readBigUInt64BE(72) : 0n;
  const clusterBits = bytes.readUInt32BE(20);
  const clusterBitsAreSane = clusterBits >= 9 && clusterBits <= 21;
  if (!clusterBitsAreSane) faults.push(`its cluster size is 2^${clusterBits} bytes`);
  const clusterBytes = clusterBitsAreSane ? 2 ** clusterBits : 65536;
  const virtualSize = bytes.readBigUInt64BE(24);
  const virtualSizeBytes = Number(virtualSize);
  const tables = { bytes, fileBytes, clusterBytes, virtualSizeBytes, extendedL2: (features & feature.extendedL2) !== 0n };
  if (virtualSize === 0n) faults.push('its virtual size is 0');
  if (clusterBitsAreSane) faults.push(...tableFaults(tables));
  const snapshots = bytes.readUInt32BE(60);
  if (snapshots > maxSnapshots) faults.push(`it claims ${snapshots} snapshots`);
  if (snapshots > 0 && bytes.readBigUInt64BE(64) >= BigInt(fileBytes)) faults.push('its snapshot table lies beyond the end of the file');
  const backingFile = backingName(bytes);
  const headerLength = long ? bytes.readUInt32BE(100) : 72;
  return {
    version,
    virtualSizeBytes,
    clusterBytes,
    ...(backingFile === undefined ? {} : { backingFile }),
    encrypted: bytes.readUInt32BE(32) !== 0,
    snapshots,
    externalDataFile: (features & feature.externalData) !== 0n || hasExtension(bytes, headerLength, externalDataExtension),
    unknownFeatures: features & ~knownFeatures,
    markedCorrupt: (features & feature.corrupt) !== 0n,
    faults,
  };
}

interface Tables {
  readonly bytes: Buffer;
  readonly fileBytes: number;
  readonly clusterBytes: number;
  readonly virtualSizeBytes: number;
  readonly extendedL2: boolean;
}

function tableFaults({ bytes, fileBytes, clusterBytes, virtualSizeBytes, extendedL2 }: Tables): string[] {
  const faults: string[] = [];
  const l1Bytes = bytes.readUInt32BE(36) * 8;
  const l2EntryBytes = extendedL2 ? 16 : 8;
  const bytesPerL1Entry = clusterBytes * (clusterBytes / l2EntryBytes);
  const neededL1Bytes = Math.ceil(virtualSizeBytes / bytesPerL1Entry) * 8;
  if (l1Bytes < neededL1Bytes) faults.push(`its map has ${l1Bytes / 8} entries where ${neededL1Bytes / 8} are needed`);
  faults.push(...regionFaults('map', { offset: bytes.readBigUInt64BE(40), length: l1Bytes, limit: maxL1Bytes, clusterBytes, fileBytes }));
  const refcountBytes = bytes.readUInt32BE(56) * clusterBytes;
  const refcounts = { offset: bytes.readBigUInt64BE(48), length: refcountBytes, limit: maxRefcountTableBytes, clusterBytes, fileBytes };
  if (refcountBytes === 0) faults.push('its reference count table is empty');
  faults.push(...regionFaults('reference count table', refcounts));
  return faults;
}

interface Region {
  readonly offset: bigint;
  readonly length: number;
  readonly limit: number;
  readonly clusterBytes: number;
  readonly fileBytes: number;
}

function regionFaults(name: string, { offset, length, limit, clusterBytes, fileBytes }: Region): string[] {
  if (length > limit) return [`its ${name} would be ${length} bytes long`];
  if (length === 0) return [];
  if (offset % BigInt(clusterBytes) !== 0n || offset === 0n) return [`its ${name} is at an impossible place`];
  if (offset + BigInt(length) > BigInt(fileBytes)) return [`its ${name} lies beyond the end of the file`];
  return [];
}

function backingName(bytes: Buffer): string | undefined {
  const offset = bytes.readBigUInt64BE(8);
  const length = bytes.readUInt32BE(16);
  if (offset === 0n) return undefined;
  if (offset + BigInt(length) > BigInt(bytes.length)) return '';
  return bytes.toString('utf8', Number(offset), Number(offset) + length);
}

/** Extensions follow the header: type, length, data padded to 8 bytes; type 0 ends them. */
function hasExtension(bytes: Buffer, headerLength: number, wanted: number): boolean {
  let at = headerLength;
  while (at + 8 <= bytes.length) {
    const type = bytes.readUInt32BE(at);
    if (type === 0) return false;
    if (type === wanted) return true;
    at += 8 + Math.ceil(bytes.readUInt32BE(at + 4) / 8) * 8;
  }
  return false;
}
