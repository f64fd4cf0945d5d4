// Owns writing a cpio archive in the "newc" form that Linux unpacks as its initramfs.
// Must not know what is in it.

export type CpioEntry =
  | { readonly path: string; readonly type: 'directory' }
  | { readonly path: string; readonly type: 'file'; readonly bytes: Uint8Array; readonly executable?: boolean }
  | { readonly path: string; readonly type: 'link'; readonly target: string }
  | { readonly path: string; readonly type: 'character'; readonly major: number; readonly minor: number };

/** Folders must come before what is in them. Everything belongs to root. */
export function cpioArchive(entries: readonly CpioEntry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [index, entry] of entries.entries()) parts.push(...record(entry, index + 1));
  parts.push(...record({ path: 'TRAILER!!!', type: 'file', bytes: new Uint8Array() }, 0));
  return Buffer.concat(parts);
}

function record(entry: CpioEntry, inode: number): Uint8Array[] {
  const body = entry.type === 'file' ? entry.bytes : entry.type === 'link' ? Buffer.from(entry.target) : new Uint8Array();
  const name = Buffer.from(`${entry.path}\0`);
  const device = entry.type === 'character' ? entry : { major: 0, minor: 0 };
  const fields = [inode, mode(entry), 0, 0, 1, 0, body.length, 0, 0, device.major, device.minor, name.length, 0];
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  return [header, name, padding(header.length + name.length), body, padding(body.length)];
}

const modes = { directory: 0o040755, file: 0o100644, link: 0o120777, character: 0o020600 } as const;

function mode(entry: CpioEntry): number {
  return modes[entry.type] | (entry.type === 'file' && entry.executable === true ? 0o111 : 0);
}

function padding(length: number): Uint8Array {
  return new Uint8Array((4 - (length % 4)) % 4);
}
