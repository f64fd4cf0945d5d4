// Owns the copies of the state of a machine's TPM that belong to its snapshots.
// Must not read the state: it may be encrypted, and it is swtpm's alone.
import { cp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { tpmFolder } from '../core/qemu/runtime-paths.ts';
import { isThere } from './is-there.ts';

/** Never half of a state. After a crash between the two last steps there is none: whoever asked does it again. */
export async function tpmCopy(stateDir: string, action: 'take' | 'goBack' | 'forget', tag: string): Promise<void> {
  const state = path.join(stateDir, tpmFolder);
  const copy = path.join(stateDir, `${tpmFolder}-${tag}`);
  switch (action) {
    case 'take':
      return replaced(copy, state);
    case 'goBack':
      return replaced(state, copy);
    case 'forget':
      return await rm(copy, { recursive: true, force: true });
  }
}

async function replaced(target: string, source: string): Promise<void> {
  if (!(await isThere(source))) return;
  const draft = `${target}.new`;
  await rm(draft, { recursive: true, force: true });
  // The lock is a file of the swtpm that runs, or of one that was killed.
  await cp(source, draft, { recursive: true, filter: (name) => path.basename(name) !== '.lock' });
  await rm(target, { recursive: true, force: true });
  await rename(draft, target);
}
