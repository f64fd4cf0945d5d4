// Owns paths of folders: their parts, joining, and which entries are worth showing.
// Must not list anything.
import type { DirectoryListing } from '../../../electron/api/computer.ts';

type Entry = DirectoryListing['entries'][number];

export function crumbsOf(folder: string): readonly { readonly name: string; readonly path: string }[] {
  const parts = folder.split('/').filter((part) => part !== '');
  return [{ name: '/', path: '/' }, ...parts.map((name, index) => ({ name, path: `/${parts.slice(0, index + 1).join('/')}` }))];
}

export function joined(folder: string, name: string): string {
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}

/** Folders first, hidden ones left out, each part by name. */
export function shownEntries(entries: readonly Entry[]): readonly Entry[] {
  return entries
    .filter(({ name }) => !name.startsWith('.'))
    .toSorted(
      (a, b) => Number(a.type === 'file') - Number(b.type === 'file') || a.name.localeCompare(b.name, undefined, { numeric: true }),
    );
}
