// Owns the user's public SSH keys, for the wizard to offer.
// Must not open anything but `*.pub`.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { SshPublicKey } from '../api/computer.ts';
import { errnoOf } from './errno.ts';

/** A public key is a line of some hundred bytes; a file larger than this is something else. */
const largestKeyBytes = 16 * 1024;

/** Of ~/.ssh, by file name. */
export async function sshPublicKeys(home: string): Promise<readonly SshPublicKey[]> {
  const directory = path.join(home, '.ssh');
  let names: readonly string[];
  try {
    names = (await readdir(directory)).filter((name) => name.endsWith('.pub')).toSorted((a, b) => a.localeCompare(b));
  } catch (error) {
    if (['ENOENT', 'EACCES', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return [];
    throw error;
  }
  const keys = await Promise.all(names.map((name) => readKey(path.join(directory, name))));
  return keys.filter((key) => key !== undefined);
}

async function readKey(file: string): Promise<SshPublicKey | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  if (text.length > largestKeyBytes) return undefined;
  const line = text.split('\n')[0]?.trim() ?? '';
  const match = /^((?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[\w@.-]+) [A-Za-z0-9+/]+=*(?: (.*))?$/.exec(line);
  if (match === null) return undefined;
  return { file: path.basename(file), type: match[1] ?? '', comment: match[2] ?? '', line };
}
