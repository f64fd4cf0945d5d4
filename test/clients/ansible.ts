// Owns running Debian's ansible-playbook against a core, with our collection installed as a user installs it.
// Must not know any playbook.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../electron/host/exec.ts';

export interface Played {
  readonly code: number | null;
  /** `ok`, `changed`, `failed` … of localhost, from the recap. */
  readonly recap: Readonly<Record<string, number>>;
  readonly said: string;
}

export interface Ansible {
  readonly play: (playbook: string, args?: readonly string[]) => Promise<Played>;
}

const collection = new URL('../../resources/ansible', import.meta.url).pathname;

export async function installAnsible(coreFolder: string, kubeconfig: string): Promise<Ansible> {
  const folder = join(coreFolder, 'ansible');
  const collections = join(folder, 'collections');
  await mkdir(folder);
  // The file that README of the collection tells to put beside a playbook with the short name.
  const modules = join(collections, 'ansible_collections/virtdeck/local/plugins/modules');
  await writeFile(
    join(folder, 'ansible.cfg'),
    `[defaults]\ncollections_paths = ${collections}:/usr/share/ansible/collections\nlibrary = ${modules}\n`,
  );
  const run = (program: string, args: readonly string[]): ReturnType<typeof runCommand> =>
    runCommand({
      program: join('/usr/bin', program),
      args,
      timeoutMs: 240_000,
      cwd: folder,
      env: { HOME: folder, KUBECONFIG: kubeconfig, LC_ALL: 'C.UTF-8', ANSIBLE_NOCOLOR: '1', ANSIBLE_NOCOWS: '1' },
    });
  const installed = await run('ansible-galaxy', ['collection', 'install', collection, '-p', collections]);
  if (installed.code !== 0) throw new Error(`ansible-galaxy: ${installed.stdout}${installed.stderr}`);
  return {
    async play(playbook, args = []) {
      const file = join(folder, 'create-vm.yaml');
      await writeFile(file, playbook);
      const { code, stdout, stderr } = await run('ansible-playbook', [file, ...args]);
      return { code, recap: recapOf(stdout), said: `${stdout}${stderr}` };
    },
  };
}

export function recapOf(output: string): Played['recap'] {
  const row = /^localhost +: (.+)$/m.exec(output)?.[1] ?? '';
  return Object.fromEntries([...row.matchAll(/(\w+)=(\d+)/g)].map(([, name = '', count]) => [name, Number(count)]));
}
