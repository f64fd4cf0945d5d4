// Owns looking at files of this computer's set-up, byte for byte, below a root folder that tests may choose.
// Must not write, and must not take a file that it may not read for one that is not there.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../errno.ts';
import { isThere } from '../is-there.ts';

export interface ComputerFiles {
  /** Undefined: there is no such file. `unreadable`: only root may know. */
  read(file: string): Promise<{ readonly text: string } | 'unreadable' | undefined>;
  /** Its text; empty when it is not there or not ours to read. */
  text(file: string): Promise<string>;
  /** Sorted; undefined when there is no such folder. */
  names(folder: string): Promise<readonly string[] | 'unreadable' | undefined>;
  has(file: string): Promise<boolean>;
  /** The first of the usual folders that has this program. */
  program(name: string): Promise<string | undefined>;
}

const programFolders = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'] as const;
const gone = ['ENOENT', 'ENOTDIR', 'EISDIR'];
const closed = ['EACCES', 'EPERM'];

export function createComputerFiles(root = '/'): ComputerFiles {
  const at = (file: string): string => path.join(root, file);
  const has = (file: string): Promise<boolean> => isThere(at(file));
  const read: ComputerFiles['read'] = async (file) => unlessClosed(async () => ({ text: await readFile(at(file), 'utf8') }));
  return {
    read,
    async text(file) {
      const found = await read(file);
      return typeof found === 'object' ? found.text : '';
    },
    names: (folder) => unlessClosed(async () => (await readdir(at(folder))).toSorted()),
    has,
    async program(name) {
      for (const folder of programFolders) if (await has(`${folder}/${name}`)) return `${folder}/${name}`;
      return undefined;
    },
  };
}

async function unlessClosed<Found>(look: () => Promise<Found>): Promise<Found | 'unreadable' | undefined> {
  try {
    return await look();
  } catch (error) {
    const errno = errnoOf(error) ?? '';
    if (gone.includes(errno)) return undefined;
    if (closed.includes(errno)) return 'unreadable';
    throw error;
  }
}
