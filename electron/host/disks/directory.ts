// Owns listing a folder for the file dialog: folders, and files that may be images.
// Must not look into files.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DirectoryListing } from '../../api/computer.ts';
import { AppError, type Cause } from '../../api/errors.ts';
import { errnoOf, reasonOf } from '../errno.ts';

/** `disk.img`, `debian.qcow2.xz`; OVA files are listed, so that their refusal can say what to do. */
const imageName = /\.(qcow2?|img|raw|iso|vmdk|vdi|vhdx?|vpc|ova|bin|dd)(\.(xz|gz|zst|bz2))?$/i;

/** Folders first, both by name. Throws BadRequest, NotFound or Forbidden. */
export async function listDirectory(folder: string): Promise<DirectoryListing> {
  if (!path.isAbsolute(folder))
    throw refusal('BadRequest', { reason: 'FieldValueInvalid', message: `${JSON.stringify(folder)} is not an absolute path.` });
  const here = path.resolve(folder);
  const names = await readdir(here).catch((error: unknown) => {
    throw unreadable(error, here);
  });
  const entries: DirectoryListing['entries'][number][] = [];
  for (const name of names) {
    if (name.startsWith('.')) continue;
    // A dangling link, or a folder that vanished meanwhile, is left out; one odd entry must not hide the others.
    const found = await stat(path.join(here, name)).catch(() => undefined);
    if (found?.isDirectory() === true) entries.push({ name, type: 'directory', sizeBytes: 0 });
    if (found?.isFile() === true && imageName.test(name)) entries.push({ name, type: 'file', sizeBytes: found.size });
  }
  entries.sort((a, b) => (a.type === b.type ? a.name.localeCompare(b.name) : a.type === 'directory' ? -1 : 1));
  return { path: here, ...(here === '/' ? {} : { parent: path.dirname(here) }), entries };
}

function unreadable(error: unknown, folder: string): AppError {
  switch (errnoOf(error)) {
    case 'ENOENT':
      return refusal('NotFound', { reason: 'NotFound', message: `There is no folder ${folder}.`, fix: 'Choose another folder.' });
    case 'ENOTDIR':
      return refusal('BadRequest', { reason: 'NotAFolder', message: `${folder} is not a folder.`, fix: 'Choose a folder.' });
    case 'EACCES':
    case 'EPERM':
      return refusal('Forbidden', { reason: 'Forbidden', message: `You may not look into ${folder}.`, fix: 'Choose another folder.' });
    default:
      return refusal('Internal', { reason: 'Unreadable', message: `${folder} cannot be read: ${reasonOf(error)}.` });
  }
}

function refusal(code: AppError['code'], cause: Omit<Cause, 'field'>): AppError {
  return new AppError(code, cause.message, { causes: [{ ...cause, field: 'path' }] });
}
