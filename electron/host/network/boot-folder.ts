// Owns looking into the folder that a guest is to boot from.
// Must not fetch anything; debian-package.ts does, when the machine starts.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { NetworkBootFact } from '../../core/network/network-boot-facts.ts';
import type { NetworkBootSource } from '../../core/network/network-boot-source.ts';
import { errnoOf } from '../errno.ts';
import { debianPackageFolder } from './debian-package.ts';

/** A boot loader is never deeper; a folder of the user may be his whole home. */
const maxDepth = 4;
const maxFiles = 2_000;

/** What the package has, by its layout since Debian 5. */
const debianFiles = ['pxelinux.0', 'debian-installer/amd64/bootnetx64.efi', 'debian-installer/amd64/grubx64.efi'];

export async function inspectBootSource(source: NetworkBootSource, dataDir: string): Promise<NetworkBootFact | undefined> {
  if (source.type === 'url') return undefined;
  if (source.type === 'folder') return await inspectFolder(source.folder);
  const folder = debianPackageFolder(dataDir, source.package);
  const found = await inspectFolder(folder);
  return found.state === 'ready' ? found : { state: 'toFetch', package: source.package, folder, files: debianFiles };
}

async function inspectFolder(folder: string): Promise<NetworkBootFact> {
  try {
    if (!(await stat(folder)).isDirectory()) return { state: 'missing', message: `${folder} is no folder.` };
    const files: string[] = [];
    await list(folder, '', files);
    return { state: 'ready', folder, files: files.toSorted() };
  } catch (error) {
    const why = errnoOf(error) === 'EACCES' ? 'may not be read by this user' : 'is not there';
    if (!['ENOENT', 'EACCES', 'ENOTDIR'].includes(errnoOf(error) ?? '')) throw error;
    return { state: 'missing', message: `The folder ${folder} ${why}.` };
  }
}

async function list(folder: string, below: string, into: string[]): Promise<void> {
  const entries = await readdir(path.join(folder, below), { withFileTypes: true });
  for (const entry of entries) {
    if (into.length >= maxFiles) return;
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (!entry.isDirectory()) into.push(name);
    else if (name.split('/').length < maxDepth) await list(folder, name, into).catch(() => undefined);
  }
}
