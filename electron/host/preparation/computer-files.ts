// Owns looking at files of this computer's set-up, byte for byte, below a root folder that tests may choose.
// Must not write, and must not take a file that it may not read for one that is not there.
import type { Stats } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Untouchable } from '../../core/preparation/preparation-facts.ts';
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
  /** Why a program that runs as root must leave it alone; undefined when nothing is wrong with it, or there is none. */
  whyUntouchable(file: string): Promise<Untouchable | undefined>;
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
    whyUntouchable: (file) => whyUntouchable(root, file),
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

/** As native/helper/places.c looks at them: no part of the path is a link, and nobody but root may write there. */
async function whyUntouchable(root: string, file: string): Promise<Untouchable | undefined> {
  // Below a root folder of one's own its owner stands for root.
  const owner = root === '/' ? 0 : (process.geteuid?.() ?? 0);
  const parts = file.split('/').filter(Boolean);
  let at = root;
  for (const [index, part] of parts.entries()) {
    at = path.join(at, part);
    const seen = await unlessClosed(() => lstat(at));
    if (typeof seen !== 'object') return undefined;
    const why = faultOf(seen, { owner, left: parts.length - index - 1 });
    if (why !== undefined) return why;
  }
  return undefined;
}

/** `left`: parts of the path behind it. */
function faultOf(seen: Stats, { owner, left }: { readonly owner: number; readonly left: number }): Untouchable | undefined {
  if (seen.isSymbolicLink()) return 'link';
  if (left > 1) return undefined;
  if (seen.uid !== owner || (seen.mode & 0o022) !== 0) return 'notRoots';
  return left === 1 || (seen.isFile() && seen.nlink === 1) ? undefined : 'notPlain';
}
