// Owns finding kernel modules with everything they need, in the order in which insmod takes them.
// Must not load any.
import { execFile } from 'node:child_process';
import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const execFileBytes = promisify(execFile);

export interface KernelModule {
  /** File name without folder and compression, e.g. `virtio_blk.ko`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Modules that the kernel has built in are not in the answer: asking for them is no mistake. */
export async function modulesInOrder(root: string, wanted: readonly string[]): Promise<readonly KernelModule[]> {
  const files = new Map<string, string>();
  for await (const file of glob(['lib/modules/*/kernel/**/*.ko*', 'usr/lib/modules/*/kernel/**/*.ko*'], { cwd: root }))
    files.set(plainName(path.basename(file)), path.join(root, file));
  const ordered = new Map<string, KernelModule>();
  const add = async (name: string): Promise<void> => {
    const file = files.get(plainName(name));
    if (file === undefined || ordered.has(plainName(name))) return;
    const bytes = await moduleBytes(file);
    for (const needed of dependenciesOf(bytes)) await add(needed);
    ordered.set(plainName(name), { name: path.basename(file).replace(/\.(xz|zst|gz)$/, ''), bytes });
  };
  for (const name of wanted) await add(name);
  return [...ordered.values()];
}

/** The kernel takes `-` and `_` in a module's name for the same. */
function plainName(name: string): string {
  return name.replace(/\.ko(\.\w+)?$/, '').replaceAll('-', '_');
}

/** Reads `depends=` and the soft dependencies that must come before, from the module's own .modinfo section. */
function dependenciesOf(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const depends = /(?:^|\0)depends=([^\0]*)\0/.exec(text)?.[1] ?? '';
  const soft = /(?:^|\0)softdep=pre: ([^\0]*?)(?: post:[^\0]*)?\0/.exec(text)?.[1] ?? '';
  return [...soft.split(' '), ...depends.split(',')].filter((name) => name !== '');
}

async function moduleBytes(file: string): Promise<Uint8Array> {
  if (!file.endsWith('.xz')) return await readFile(file);
  const { stdout } = await execFileBytes('xz', ['-dc', file], { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}
