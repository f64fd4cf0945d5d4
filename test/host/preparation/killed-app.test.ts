// Owns the proof that the app can be ended with kill -9 before every request that a preparation makes, and that the next one finds it and takes it back.
// Must not change this computer.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { preparationFiles } from '../../../electron/api/preparation.ts';
import { changesOf, pendingPrograms } from '../../../electron/core/preparation/preparation-record.ts';
import type { PreparationFacts } from '../../../electron/core/preparation/preparation-facts.ts';
import { createPreparation } from '../../../electron/host/preparation/preparation.ts';
import { tempDir } from '../temp-dir.ts';
import { computerTrees, writeComputer } from './computer-tree.ts';
import { rootPreparation } from './root-preparation.ts';
import { busybox, canChroot, type ScratchRoot, scratchRoot } from './scratch-root.ts';

const program = fileURLToPath(new URL('preparing.ts', import.meta.url));
const user = { name: 'ada', uid: 1000, gid: 1000 };

/** In a process of its own: `done` when it made fewer requests. */
function killed(scratch: ScratchRoot, verb: 'apply' | 'undo', killAt: number): 'done' | 'killed' {
  const args = ['--disable-warning=ExperimentalWarning', program, scratch.root, verb, String(killAt)];
  const { status, signal, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0 && signal !== 'SIGKILL') throw new Error(stderr);
  return signal === 'SIGKILL' ? 'killed' : 'done';
}

function filesOf(scratch: ScratchRoot): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.values(preparationFiles).map((file) => [file, file.endsWith('/') ? undefined : scratch.get(file)]));
}

describe.skipIf(!canChroot || busybox === undefined)('ended with kill -9', () => {
  test('before each request: files are old or new, all of it is in the record, and a new app undoes it', { timeout: 240_000 }, async () => {
    const scratch = scratchRoot(tempDir());
    writeComputer(scratch.root, computerTrees.debian);
    for (const name of ['update-grub', 'update-initramfs']) {
      scratch.put(`/usr/sbin/${name}`, '#!/bin/sh\n: default/grub.d\necho "${0##*/}" >> /ran\n', 0o755);
    }
    scratch.put('/usr/sbin/grub-mkconfig', ': default/grub.d\n', 0o755);
    for (const folder of ['modprobe.d', 'modules-load.d', 'udev/rules.d', 'security/limits.d', 'default/grub.d']) {
      scratch.put(`/etc/${folder}/README`, '');
    }
    const facts = (): Promise<PreparationFacts> =>
      createPreparation({ root: scratch.root, user, ask: () => Promise.reject(new Error('nothing is asked')) }).facts();
    const old = filesOf(scratch);
    await rootPreparation(scratch.root).apply();
    const fresh = filesOf(scratch);
    await rootPreparation(scratch.root).undo();
    expect(filesOf(scratch)).toEqual(old);

    const killedAt: string[] = [];
    for (const verb of ['apply', 'undo'] as const) {
      for (let n = 1; ; n++) {
        if (verb === 'undo') await rootPreparation(scratch.root).apply();
        const end = killed(scratch, verb, n);
        const now = filesOf(scratch);
        for (const [file, text] of Object.entries(now)) expect([old[file], fresh[file]]).toContain(text);
        const standing = changesOf((await facts()).record).flatMap((change) => ('path' in change ? [change.path] : []));
        const changed = Object.keys(now).filter((file) => now[file] !== old[file]);
        expect(standing.toSorted()).toEqual(changed.toSorted());
        if (end === 'killed') killedAt.push(`${verb} ${n}`);
        await rootPreparation(scratch.root).undo();
        expect(filesOf(scratch)).toEqual(old);
        const after = await facts();
        expect([changesOf(after.record), pendingPrograms(after)]).toEqual([[], []]);
        if (end === 'done') break;
      }
    }
    // Eight steps forth: six files and two programs; and the same back.
    expect(killedAt).toEqual(['apply', 'undo'].flatMap((verb) => Array.from({ length: 8 }, (_none, index) => `${verb} ${index + 1}`)));
  });
});
