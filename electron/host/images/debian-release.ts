// Owns which Debian is built: the suite, its sources, and the date of the package lists on the mirror.
// Must not build.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../api/errors.ts';
import { debianKeyring, debianSources, parseAptSources, type AptSource } from './apt-sources.ts';
import { suitePattern } from './debian-recipe.ts';
import { httpGet } from './http-get.ts';

/** On a computer that is not Debian. */
const usualSuite = 'stable';
const releaseTimeoutMs = 15_000;

export interface DebianRelease {
  readonly suite: string;
  readonly sources: readonly AptSource[];
}

/** `etc` is /etc; another folder in tests. Throws BadRequest for a suite that is none. */
export async function debianRelease(wantedSuite: string | undefined, etc = '/etc'): Promise<DebianRelease> {
  const suite = wantedSuite ?? (await ownSuite(etc));
  if (!suitePattern.test(suite)) {
    const message = `${JSON.stringify(suite)} is not the name of a Debian release.`;
    throw new AppError('BadRequest', message, {
      causes: [
        {
          reason: 'FieldValueInvalid',
          field: 'spec.source.mmdebstrap.suite',
          message,
          fix: 'Write a code name such as bookworm or trixie.',
        },
      ],
    });
  }
  return { suite, sources: debianSources(await readAptSources(etc), suite) };
}

async function ownSuite(etc: string): Promise<string> {
  const text = await readFile(path.join(etc, 'os-release'), 'utf8').catch(() => '');
  const value = (name: string): string | undefined => new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1];
  return value('ID') === 'debian' ? (value('VERSION_CODENAME') ?? usualSuite) : usualSuite;
}

async function readAptSources(etc: string): Promise<AptSource[]> {
  const parts = path.join(etc, 'apt', 'sources.list.d');
  const names = (await readdir(parts).catch(() => [])).map((name) => path.join(parts, name)).toSorted((a, b) => (a < b ? -1 : 1));
  const found: AptSource[] = [];
  for (const file of [path.join(etc, 'apt', 'sources.list'), ...names]) {
    const form = path.extname(file).slice(1);
    if (form !== 'list' && form !== 'sources') continue;
    found.push(...parseAptSources(await readFile(file, 'utf8').catch(() => ''), form));
  }
  return found;
}

/** Changes when the package lists change. Undefined when the mirror cannot be asked. */
export async function releaseDate(sources: readonly AptSource[], signal: AbortSignal): Promise<string | undefined> {
  try {
    const dates = await Promise.all(sources.map(async (source) => await listDate(source, signal)));
    return createHash('sha256').update(dates.join('\n')).digest('hex').slice(0, 16);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error) return undefined; // apt will say why, in its own words, when there is nothing to fall back on.
    throw error;
  }
}

async function listDate({ uri, suite }: AptSource, signal: AbortSignal): Promise<string> {
  const url = `${uri.replace(/\/$/, '')}/dists/${suite}/InRelease`;
  const response = await httpGet({ url, headers: {}, silenceMs: releaseTimeoutMs, mayLoseEncryption: true, signal });
  try {
    let text = '';
    for await (const chunk of response) {
      text += String(chunk);
      const date = /^Date: (.+)$/m.exec(text)?.[1];
      if (date !== undefined) return date;
      if (text.length > 64 * 1024) break;
    }
    throw new Error(`${url} has no date`);
  } finally {
    response.destroy();
  }
}

/** apt refuses a mirror without it, in words that do not help. */
export async function requireKeyring(): Promise<void> {
  const isThere = await readFile(debianKeyring).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  const message = `The keys of Debian's archive (${debianKeyring}) are not on this computer, so its packages cannot be checked.`;
  throw new AppError('ToolFailed', message, {
    causes: [
      { reason: 'KeyringMissing', field: 'spec.source.mmdebstrap', message, fix: 'Install them: sudo apt install debian-archive-keyring' },
    ],
  });
}
