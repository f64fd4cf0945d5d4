// Owns writing a small ISO 9660 image with Joliet names, as cloud-init's seeds and sysprep answers need it.
// Must not touch the disk. Layout by ECMA-119 and Microsoft's Joliet specification; times are left out, so equal content is an equal image.

const sectorBytes = 2048;
const systemAreaSectors = 16;
const descriptorSectors = 3;
const directoryFlag = 2;

interface FileNode {
  readonly name: string;
  readonly content: Buffer;
}

interface DirectoryNode {
  readonly name: string;
  readonly directories: DirectoryNode[];
  readonly files: FileNode[];
}

/** One of the two trees over the same files: plain ISO 9660 names, or Joliet's. */
interface Naming {
  readonly identifier: (name: string, isFile: boolean) => Buffer;
  readonly text: (text: string, bytes: number) => Buffer;
}

interface Extent {
  readonly sector: number;
  readonly bytes: number;
}

/** `entries` are contents by path (`user-data`, `openstack/latest/user_data`); the label is at most 16 characters for Joliet. */
export function isoImage(label: string, entries: Readonly<Record<string, string | Uint8Array>>): Buffer {
  const root = treeOf(entries);
  const hierarchies = [plainNaming(), jolietNaming].map((naming) => ({ naming, ...flatten(root, naming) }));
  let next = systemAreaSectors + descriptorSectors;
  const take = (bytes: number): Extent => {
    const extent = { sector: next, bytes };
    next += Math.max(1, Math.ceil(bytes / sectorBytes));
    return extent;
  };
  const placed = hierarchies.map((each) => {
    const tableBytes = each.directories.reduce((sum, { identifier }) => sum + even(8 + identifier.length), 0);
    const little = take(tableBytes);
    const big = take(tableBytes);
    const extents = new Map(each.directories.map(({ node }) => [node, take(directoryBytes(node, each.naming))]));
    return { ...each, little, big, extents };
  });
  const files = new Map(filesOf(root).map((file) => [file, take(file.content.length)]));
  const image = Buffer.alloc(next * sectorBytes);
  for (const [file, { sector }] of files) file.content.copy(image, sector * sectorBytes);
  placed.forEach((each, index) => {
    const at = (node: DirectoryNode): Extent => each.extents.get(node) ?? { sector: 0, bytes: 0 };
    each.directories.forEach(({ node, parent }) => {
      const records = directoryRecords({ node, parent, at, files, naming: each.naming });
      records.copy(image, at(node).sector * sectorBytes);
    });
    pathTable(each.directories, at, false).copy(image, each.little.sector * sectorBytes);
    pathTable(each.directories, at, true).copy(image, each.big.sector * sectorBytes);
    const descriptor = volumeDescriptor({
      joliet: index === 1,
      label,
      naming: each.naming,
      sectors: next,
      tables: each,
      root: directoryRecord(Buffer.from([0]), at(root), directoryFlag),
    });
    descriptor.copy(image, (systemAreaSectors + index) * sectorBytes);
  });
  // Volume descriptor set terminator.
  image.write('\xffCD001\x01', (systemAreaSectors + 2) * sectorBytes, 'latin1');
  return image;
}

function treeOf(entries: Readonly<Record<string, string | Uint8Array>>): DirectoryNode {
  const root: DirectoryNode = { name: '', directories: [], files: [] };
  for (const [path, content] of Object.entries(entries)) {
    const parts = path.split('/');
    const fileName = parts.pop() ?? path;
    let node = root;
    for (const name of parts) {
      const found = node.directories.find((each) => each.name === name) ?? { name, directories: [], files: [] };
      if (!node.directories.includes(found)) node.directories.push(found);
      node = found;
    }
    node.files.push({ name: fileName, content: Buffer.from(content) });
  }
  return root;
}

function filesOf(node: DirectoryNode): readonly FileNode[] {
  return [...node.files, ...node.directories.flatMap(filesOf)];
}

interface FlatDirectory {
  readonly node: DirectoryNode;
  readonly parent: DirectoryNode;
  readonly parentNumber: number;
  readonly identifier: Buffer;
}

/** Directories level by level, as path tables number them. */
function flatten(root: DirectoryNode, naming: Naming): { readonly directories: readonly FlatDirectory[] } {
  const directories: FlatDirectory[] = [{ node: root, parent: root, parentNumber: 1, identifier: Buffer.from([0]) }];
  for (let index = 0; index < directories.length; index += 1) {
    const parent = directories[index]?.node ?? root;
    const children = parent.directories
      .map((node) => ({ node, parent, parentNumber: index + 1, identifier: naming.identifier(node.name, false) }))
      .toSorted((a, b) => Buffer.compare(a.identifier, b.identifier));
    directories.push(...children);
  }
  return { directories };
}

function childrenOf(
  node: DirectoryNode,
  naming: Naming,
): readonly { readonly child: DirectoryNode | FileNode; readonly identifier: Buffer }[] {
  return [
    ...node.directories.map((child) => ({ child, identifier: naming.identifier(child.name, false) })),
    ...node.files.map((child) => ({ child, identifier: naming.identifier(child.name, true) })),
  ].toSorted((a, b) => Buffer.compare(a.identifier, b.identifier));
}

/** No record crosses a sector. */
function directoryBytes(node: DirectoryNode, naming: Naming): number {
  const lengths = [34, 34, ...childrenOf(node, naming).map(({ identifier }) => even(33 + identifier.length))];
  const used = lengths.reduce((at, length) => ((at % sectorBytes) + length > sectorBytes ? roundUp(at) : at) + length, 0);
  return roundUp(used);
}

interface DirectoryParts {
  readonly node: DirectoryNode;
  readonly parent: DirectoryNode;
  readonly at: (node: DirectoryNode) => Extent;
  readonly files: ReadonlyMap<FileNode, Extent>;
  readonly naming: Naming;
}

function directoryRecords({ node, parent, at, files, naming }: DirectoryParts): Buffer {
  const buffer = Buffer.alloc(at(node).bytes);
  let offset = 0;
  const put = (record: Buffer): void => {
    if ((offset % sectorBytes) + record.length > sectorBytes) offset = roundUp(offset);
    record.copy(buffer, offset);
    offset += record.length;
  };
  put(directoryRecord(Buffer.from([0]), at(node), directoryFlag));
  put(directoryRecord(Buffer.from([1]), at(parent), directoryFlag));
  for (const { child, identifier } of childrenOf(node, naming)) {
    if ('content' in child) put(directoryRecord(identifier, files.get(child) ?? { sector: 0, bytes: 0 }, 0));
    else put(directoryRecord(identifier, at(child), directoryFlag));
  }
  return buffer;
}

/** ECMA-119 9.1. */
function directoryRecord(identifier: Buffer, { sector, bytes }: Extent, flags: number): Buffer {
  const record = Buffer.alloc(even(33 + identifier.length));
  record.writeUInt8(record.length, 0);
  writeBoth32(record, sector, 2);
  writeBoth32(record, bytes, 10);
  record.writeUInt8(flags, 25);
  writeBoth16(record, 1, 28);
  record.writeUInt8(identifier.length, 32);
  identifier.copy(record, 33);
  return record;
}

/** ECMA-119 9.4. */
function pathTable(directories: readonly FlatDirectory[], at: (node: DirectoryNode) => Extent, bigEndian: boolean): Buffer {
  const records = directories.map(({ node, parentNumber, identifier }) => {
    const record = Buffer.alloc(even(8 + identifier.length));
    record.writeUInt8(identifier.length, 0);
    if (bigEndian) {
      record.writeUInt32BE(at(node).sector, 2);
      record.writeUInt16BE(parentNumber, 6);
    } else {
      record.writeUInt32LE(at(node).sector, 2);
      record.writeUInt16LE(parentNumber, 6);
    }
    identifier.copy(record, 8);
    return record;
  });
  return Buffer.concat(records);
}

interface DescriptorParts {
  readonly joliet: boolean;
  readonly label: string;
  readonly naming: Naming;
  readonly sectors: number;
  readonly tables: { readonly little: Extent; readonly big: Extent };
  readonly root: Buffer;
}

/** ECMA-119 8.4 (primary) and 8.5 (supplementary, with Joliet's escape sequence for UCS-2 level 3). */
function volumeDescriptor({ joliet, label, naming, sectors, tables, root }: DescriptorParts): Buffer {
  const sector = Buffer.alloc(sectorBytes);
  sector.write(`${joliet ? '\x02' : '\x01'}CD001\x01`, 0, 'latin1');
  naming.text('', 32).copy(sector, 8);
  naming.text(label, 32).copy(sector, 40);
  writeBoth32(sector, sectors, 80);
  if (joliet) sector.write('%/E', 88, 'latin1');
  writeBoth16(sector, 1, 120);
  writeBoth16(sector, 1, 124);
  writeBoth16(sector, sectorBytes, 128);
  writeBoth32(sector, tables.little.bytes, 132);
  sector.writeUInt32LE(tables.little.sector, 140);
  sector.writeUInt32BE(tables.big.sector, 148);
  root.copy(sector, 156);
  for (const [offset, bytes] of [
    [190, 128],
    [318, 128],
    [446, 128],
    [574, 128],
    [702, 37],
    [739, 37],
    [776, 37],
  ] as const) {
    naming.text('', bytes).copy(sector, offset);
  }
  // Four times, "not given": sixteen digits 0 and the zone.
  for (const offset of [813, 830, 847, 864]) sector.write('0'.repeat(16), offset, 'latin1');
  sector.writeUInt8(1, 881);
  return sector;
}

/** Level 2 names: at most 30 of A-Z, 0-9 and _, made distinct by a number. Systems that read Joliet never see them. */
function plainNaming(): Naming {
  const given = new Map<string, string>();
  const taken = new Set<string>();
  return {
    identifier: (name, isFile) => {
      const key = `${isFile ? 'f' : 'd'}${name}`;
      let plain = given.get(key);
      if (plain === undefined) {
        const base = name
          .toUpperCase()
          .replace(/[^A-Z0-9]/g, '_')
          .slice(0, 24);
        plain = base;
        for (let number = 1; taken.has(plain); number += 1) plain = `${base}_${number}`;
        taken.add(plain);
        given.set(key, plain);
      }
      return Buffer.from(isFile ? `${plain}.;1` : plain, 'latin1');
    },
    text: (text, bytes) => Buffer.from(text.padEnd(bytes, ' ').slice(0, bytes), 'latin1'),
  };
}

const jolietNaming: Naming = {
  identifier: (name, isFile) => ucs2(isFile ? `${name.slice(0, 64)};1` : name.slice(0, 64)),
  text: (text, bytes) => {
    const buffer = Buffer.alloc(bytes);
    ucs2(text.padEnd(bytes >> 1, ' ').slice(0, bytes >> 1)).copy(buffer);
    return buffer;
  },
};

function ucs2(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

/** ECMA-119 7.3.3 and 7.2.3: both byte orders, one after the other. */
function writeBoth32(buffer: Buffer, value: number, offset: number): void {
  buffer.writeUInt32LE(value, offset);
  buffer.writeUInt32BE(value, offset + 4);
}

function writeBoth16(buffer: Buffer, value: number, offset: number): void {
  buffer.writeUInt16LE(value, offset);
  buffer.writeUInt16BE(value, offset + 2);
}

function even(length: number): number {
  return length + (length % 2);
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / sectorBytes) * sectorBytes;
}
