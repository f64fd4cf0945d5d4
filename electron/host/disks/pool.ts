// Owns where disks are: one folder per namespace, one file per claim, and nothing that a name can smuggle in.
// Must not fill disks; draft.ts and fill.ts do.
import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../api/errors.ts';
import { errnoOf } from '../errno.ts';

export interface Pool {
  /** `<dataDir>/disks`. */
  readonly folder: string;
  readonly claimPath: (namespace: string, name: string, format: 'qcow2' | 'raw') => string;
  /** Throws BadRequest for a path that is not a claim's. */
  readonly assertClaimPath: (file: string) => void;
  /** Removes what an earlier life left half done. Only for the one who holds the data folder. */
  readonly removeLeftovers: () => Promise<readonly string[]>;
  /** Removes the disk and what we keep beside it. */
  readonly remove: (file: string) => Promise<void>;
}

/** Beside a disk: what becomes one, and the note of what it was made from. Names of claims never begin with a dot. */
export const draftPrefix = '.draft-';
export const notePrefix = '.made-';

/** RFC 1123 subdomain, as Kubernetes demands of names; checked again here, because here it becomes a path. */
const namePattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** File names end at 255 bytes; a prefix, an extension and a random part must fit, too. */
const maxNameInFile = 180;

export async function createPool(dataDir: string): Promise<Pool> {
  const folder = path.join(dataDir, 'disks');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const assertClaimPath = (file: string): void => {
    const parts = path.relative(folder, file).split(path.sep);
    const isInPool = path.resolve(file) === file && parts.length === 2 && parts.every((part) => part !== '' && !part.startsWith('.'));
    if (!isInPool) throw new AppError('BadRequest', `${file} is not a disk of the pool ${folder}.`);
  };
  return {
    folder,
    assertClaimPath,
    claimPath(namespace, name, format) {
      return path.join(folder, checked(namespace, 'namespace'), `${shortened(checked(name, 'name'))}.${format}`);
    },
    async removeLeftovers() {
      const removed: string[] = [];
      for (const namespace of await readdir(folder, { withFileTypes: true })) {
        if (!namespace.isDirectory()) continue;
        const inside = path.join(folder, namespace.name);
        const names = new Set(await readdir(inside));
        const leftovers = [...names].filter((name) => isLeftover(name, names));
        for (const name of leftovers) await rm(path.join(inside, name), { recursive: true, force: true });
        removed.push(...leftovers.map((name) => path.join(inside, name)));
      }
      return removed;
    },
    async remove(file) {
      assertClaimPath(file);
      await rm(file, { force: true });
      await rm(notePath(file), { force: true });
      await removeIfEmpty(path.dirname(file));
    },
  };
}

/** Where is written down what a disk was made from. */
export function notePath(file: string): string {
  return path.join(path.dirname(file), `${notePrefix}${path.basename(file)}`);
}

function isLeftover(name: string, names: ReadonlySet<string>): boolean {
  if (name.startsWith(draftPrefix)) return true;
  return name.startsWith(notePrefix) && !names.has(name.slice(notePrefix.length));
}

function checked(name: string, what: string): string {
  if (name.length <= 253 && namePattern.test(name)) return name;
  throw new AppError('BadRequest', `${JSON.stringify(name)} is not a valid ${what} for a disk.`);
}

/** Long names keep their beginning and get a part that tells them apart; '~' occurs in no name. */
function shortened(name: string): string {
  if (name.length <= maxNameInFile) return name;
  const sum = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `${name.slice(0, maxNameInFile - sum.length - 1)}~${sum}`;
}

async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(errnoOf(error) ?? '')) throw error;
  }
}
