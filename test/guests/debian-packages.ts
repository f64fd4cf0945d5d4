// Owns fetching Debian packages for guests made in tests: downloaded and unpacked, never installed.
// Must not know what a guest is made of.
import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from '../../electron/host/exec.ts';
import { aptOptions, askArchive, forgetLists, type Suite } from './apt-suite.ts';
import { cachedFolder, isCached } from './guest-cache.ts';

/** The packages unpacked into one folder. `linux-image-amd64` and its like are resolved to the package that has the kernel. */
export async function unpackedPackages(names: readonly string[], suite?: Suite): Promise<string> {
  if (suite === undefined) return await unpacked(names, []);
  return await unpacked(names, await aptOptions(suite)).catch(async () => {
    // What the lists name is gone from the archive as soon as there is something newer.
    await forgetLists(suite);
    return await unpacked(names, await aptOptions(suite));
  });
}

/** Why `unpackedPackages` cannot have them; undefined when they are here already, or the archive answers. */
export async function packagesUnreachable(names: readonly string[], suite: Suite): Promise<string | undefined> {
  try {
    const { folder } = await known(names, await aptOptions(suite));
    if (!(await isCached(folder))) await askArchive(suite);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function unpacked(names: readonly string[], options: readonly string[]): Promise<string> {
  const { resolved, folder } = await known(names, options);
  return path.join(await cachedFolder(folder, (draft) => unpackPackages(resolved, draft, options)), 'root');
}

/** As apt's lists have them now, and the folder that is for them. */
async function known(
  names: readonly string[],
  options: readonly string[],
): Promise<{ readonly resolved: readonly string[]; readonly folder: string }> {
  const resolved: string[] = [];
  for (const name of names) resolved.push(await withKernel(name, options));
  const versions = await apt('apt-cache', [...options, 'policy', ...resolved]);
  const missing = names.filter((_, index) => !versions.includes(`${resolved[index] ?? ''}:`));
  if (missing.length > 0) throw new Error(`apt knows no package ${missing.join(', ')}. Fetch its lists first: sudo apt-get update`);
  const key = createHash('sha256').update(versions).digest('hex').slice(0, 16);
  return { resolved, folder: `packages-${key}` };
}

/** Into `root` of the folder. */
export async function unpackPackages(names: readonly string[], folder: string, options: readonly string[] = []): Promise<void> {
  const archives = path.join(folder, 'archives');
  await mkdir(archives);
  await apt('apt-get', [...options, '-q', 'download', ...names], archives);
  for (const archive of await readdir(archives)) await apt('dpkg-deb', ['-x', path.join(archives, archive), path.join(folder, 'root')]);
  await rm(archives, { recursive: true });
}

/** What apt would install along with it, the package itself first. */
export async function withDependencies(name: string): Promise<readonly string[]> {
  const depends = await apt('apt-cache', ['depends', '--important', name]);
  return [name, ...[...depends.matchAll(/Depends: ([^\s<]+)/g)].flatMap(([, one = '']) => one)];
}

async function withKernel(name: string, options: readonly string[]): Promise<string> {
  if (!/^linux-image-(cloud-)?(amd64|arm64)$/.test(name)) return name;
  const depends = await apt('apt-cache', [...options, 'depends', name]);
  return /Depends: (linux-image-\S+)/.exec(depends)?.[1] ?? name;
}

async function apt(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const result = await runCommand({ program, args, timeoutMs: 300_000, ...(cwd === undefined ? {} : { cwd }) });
  if (result.code !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${result.stderr}`);
  return result.stdout;
}
