// Owns fetching Debian packages for guests made in tests: downloaded and unpacked, never installed.
// Must not know what a guest is made of.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { runCommand } from '../../electron/host/exec.ts';

/** Where guests are kept between runs of the tests; VIRTDECK_TEST_CACHE names another place. */
export function guestCache(): string {
  // One per user: /tmp is everybody's, and a folder that somebody else made is not to be trusted or written.
  return process.env['VIRTDECK_TEST_CACHE'] ?? path.join(tmpdir(), `virtdeck-test-cache-${userInfo().uid}`);
}

/**
 * A folder made once and then kept: `build` fills a folder beside it, which is renamed when it is complete. Two test runs that
 * build at the same time both succeed; one of the results is thrown away.
 */
export async function cachedFolder(name: string, build: (folder: string) => Promise<void>): Promise<string> {
  const target = path.join(guestCache(), name);
  if (await exists(target)) return target;
  await mkdir(guestCache(), { recursive: true, mode: 0o700 });
  const draft = await mkdtemp(path.join(guestCache(), 'draft-'));
  try {
    await build(draft);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  }
  return target;
}

/** The packages unpacked into one folder. `linux-image-amd64` and its like are resolved to the package that has the kernel. */
export async function unpackedPackages(names: readonly string[]): Promise<string> {
  const resolved: string[] = [];
  for (const name of names) resolved.push(await withKernel(name));
  const versions = await apt('apt-cache', ['policy', ...resolved]);
  const known = resolved.filter((name) => versions.includes(`${name}:`));
  const missing = names.filter((_, index) => !known.includes(resolved[index] ?? ''));
  if (missing.length > 0) throw new Error(`apt knows no package ${missing.join(', ')}. Fetch its lists first: sudo apt-get update`);
  const key = createHash('sha256').update(versions).digest('hex').slice(0, 16);
  return await cachedFolder(`packages-${key}`, async (folder) => {
    const archives = path.join(folder, 'archives');
    await mkdir(archives);
    await apt('apt-get', ['-q', 'download', ...resolved], archives);
    for (const archive of await readdir(archives)) await apt('dpkg-deb', ['-x', path.join(archives, archive), path.join(folder, 'root')]);
    await rm(archives, { recursive: true });
  }).then((folder) => path.join(folder, 'root'));
}

async function withKernel(name: string): Promise<string> {
  if (!/^linux-image-(cloud-)?(amd64|arm64)$/.test(name)) return name;
  const depends = await apt('apt-cache', ['depends', name]);
  return /Depends: (linux-image-\S+)/.exec(depends)?.[1] ?? name;
}

async function apt(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const result = await runCommand({ program, args, timeoutMs: 300_000, ...(cwd === undefined ? {} : { cwd }) });
  if (result.code !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${result.stderr}`);
  return result.stdout;
}

async function exists(file: string): Promise<boolean> {
  return await stat(file).then(
    () => true,
    () => false,
  );
}
