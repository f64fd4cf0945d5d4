// Owns apt's sight of a suite that this computer does not take packages from: lists of their own, checked against Debian's keys.
// Must not change how this computer's apt is set up.
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from '../../electron/host/exec.ts';
import { cachedFolder, guestCache } from './guest-cache.ts';

/** Newer programs and kernels for Debian 12. */
export type Suite = 'bookworm-backports';

const archive = 'http://deb.debian.org/debian';
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Options that make apt-get and apt-cache see this suite and nothing else. Its lists are fetched once and kept: what was unpacked
 * by them needs no archive. Throws when they are not there and cannot be fetched.
 */
export async function aptOptions(suite: Suite): Promise<readonly string[]> {
  const folder = await cachedFolder(folderName(suite), async (draft) => {
    await mkdir(path.join(draft, 'lists', 'partial'), { recursive: true });
    await writeFile(path.join(draft, 'sources.list'), `deb [signed-by=${keyring}] ${archive} ${suite} main\n`);
    await access(keyring);
    // A list that cannot be fetched is only a warning to apt otherwise.
    const args = ['-q', '--error-on=any', ...optionsFor(draft), 'update'];
    const fetched = await runCommand({ program: 'apt-get', args, timeoutMs: 120_000 });
    if (fetched.code !== 0) throw new Error(`The package lists of ${suite} cannot be fetched from ${archive}: ${fetched.stderr.trim()}`);
  });
  return optionsFor(folder);
}

/** For when the archive has newer packages than the lists say. */
export async function forgetLists(suite: Suite): Promise<void> {
  await rm(path.join(guestCache(), folderName(suite)), { recursive: true, force: true });
}

/** Throws when nothing can be fetched from it now. */
export async function askArchive(suite: Suite): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'virtdeck-archive-'));
  try {
    // By apt's own way there: it may have a proxy.
    const args = [
      '-o',
      'Acquire::http::Timeout=20',
      '-o',
      'APT::Sandbox::User=root',
      'download-file',
      `${archive}/dists/${suite}/Release`,
      path.join(folder, 'Release'),
    ];
    const asked = await runCommand({ program: '/usr/lib/apt/apt-helper', args, timeoutMs: 60_000 });
    if (asked.code !== 0) throw new Error(`${archive} does not answer: ${asked.stderr.trim()}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function folderName(suite: Suite): string {
  return `lists-${suite}`;
}

function optionsFor(folder: string): readonly string[] {
  const options = {
    'Dir::Etc::sourcelist': path.join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::State::lists': path.join(folder, 'lists'),
    // What is installed here is no candidate.
    'Dir::State::status': '/dev/null',
    'Dir::Cache': path.join(folder, 'cache'),
    'Dir::Cache::pkgcache': '',
    'Dir::Cache::srcpkgcache': '',
    // Root's apt would fetch as a user who may not write here.
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::http::Timeout': '20',
  };
  return Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}
