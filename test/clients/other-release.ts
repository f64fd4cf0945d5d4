// Owns packages of other releases of Debian: downloaded with an apt of its own and unpacked, so that the host's apt learns nothing of it.
// Must not install anything on the host.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../electron/host/exec.ts';
import { cachedFolder } from '../guests/guest-cache.ts';

export interface WantedPackage {
  readonly name: string;
  /** Of what it holds, only this; absent: all. Without a slash in front. */
  readonly parts?: readonly string[];
}

/** The folder that they are unpacked in, as if it were `/`. Throws what apt says. */
export async function unpacked(suite: string, wanted: readonly WantedPackage[], name: string): Promise<string> {
  const folder = await cachedFolder(name, async (draft) => {
    const apt = join(draft, 'apt');
    for (const part of ['lists/partial', 'cache/archives/partial', 'state']) await mkdir(join(apt, part), { recursive: true });
    await writeFile(join(apt, 'status'), '');
    const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
    await writeFile(join(apt, 'sources.list'), `deb [signed-by=${keyring}] http://deb.debian.org/debian ${suite} main\n`);
    const configuration = join(apt, 'apt.conf');
    await writeFile(configuration, aptConfiguration(apt));
    const run = async (program: string, args: readonly string[]): Promise<void> => {
      const done = await runCommand({ program, args, timeoutMs: 120_000, cwd: draft, env: { APT_CONFIG: configuration } });
      if (done.code !== 0) throw new Error(`${program} ${args.join(' ')}: ${done.stderr.trim().split('\n').at(-1) ?? 'failed'}`);
    };
    await run('apt-get', ['-q', 'update']);
    await run('apt-get', ['-q', 'download', ...wanted.map((each) => each.name)]);
    await mkdir(join(draft, 'root'));
    for (const each of wanted) {
      const archive = (await readdir(draft)).find((file) => file.startsWith(`${each.name}_`) && file.endsWith('.deb'));
      if (archive === undefined) throw new Error(`apt-get downloaded no ${each.name}.`);
      if (each.parts === undefined) await run('dpkg-deb', ['-x', archive, 'root']);
      // Some hold a hundred times what is needed of them.
      else await run('sh', ['-c', 'dpkg-deb --fsys-tarfile "$0" | tar -xC root "$@"', archive, ...each.parts.map((part) => `./${part}`)]);
      await rm(join(draft, archive));
    }
    await rm(apt, { recursive: true });
  });
  return join(folder, 'root');
}

function aptConfiguration(apt: string): string {
  return [
    `Dir::Etc::SourceList "${apt}/sources.list";`,
    'Dir::Etc::SourceParts "/dev/null";',
    'Dir::Etc::PreferencesParts "/dev/null";',
    `Dir::State "${apt}/state";`,
    `Dir::State::Lists "${apt}/lists";`,
    `Dir::State::status "${apt}/status";`,
    `Dir::Cache "${apt}/cache";`,
    'Acquire::Languages "none";',
    'Acquire::http::Timeout "20";',
    'Acquire::Retries "1";',
    'APT::Sandbox::User "";',
    '',
  ].join('\n');
}
