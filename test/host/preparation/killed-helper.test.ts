// Owns the proof that the privileged program can be ended with kill -9 before every single change it makes: a file is the old or the new one, and its record undoes it.
// Must not change this computer.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PrivilegedRequest } from '../../../electron/api/privileged.ts';
import { changesOf, pendingPrograms } from '../../../electron/core/preparation/preparation-record.ts';
import { privilegedInput } from '../../../electron/host/network/privileged.ts';
import { createPreparation } from '../../../electron/host/preparation/preparation.ts';
import { buildKillingHelper, canBuildKilling, killedAt } from '../kill-points/killing-helper.ts';
import { busybox, canChroot, type ScratchRoot, scratchRoot } from './scratch-root.ts';

const grub = '/etc/default/grub';
const old = 'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX="quiet"\n';
const fresh = old.replace('quiet', 'quiet intel_iommu=on');
const rule = '/etc/udev/rules.d/60-virtdeck.rules';
const access = 'SUBSYSTEM=="vfio", GROUP="kvm", MODE="0660"\n';

interface Round {
  readonly name: string;
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string;
  readonly request: PrivilegedRequest;
}

const rounds: readonly Round[] = [
  {
    name: 'a file that was there',
    path: grub,
    before: old,
    after: fresh,
    request: { verb: 'file-write', file: 'grub-default', before: crc32(old), content: fresh },
  },
  {
    name: 'a file that was not',
    path: rule,
    before: undefined,
    after: access,
    request: { verb: 'file-write', file: 'udev-rule', content: access },
  },
];

describe.skipIf(!canChroot || busybox === undefined || !canBuildKilling)('ended with kill -9', () => {
  let scratch: ScratchRoot;
  const folder = mkdtempSync(join(tmpdir(), 'vd-killed-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeAll(async () => {
    scratch = scratchRoot(folder);
    await buildKillingHelper(join(scratch.root, 'killing-helper'));
    scratch.put(grub, old);
    scratch.put('/usr/sbin/update-grub', '#!/bin/sh\necho ran >> /ran\n');
    chmodSync(join(scratch.root, 'usr/sbin/update-grub'), 0o755);
    mkdirSync(join(scratch.root, 'etc/udev/rules.d'), { recursive: true });
  });

  const facts = () =>
    createPreparation({ root: scratch.root, user: { name: 'ada', uid: 1000, gid: 1000 }, ask: () => Promise.resolve() }).facts();
  /** False: it had fewer changes to make, and came to its end. */
  const isKilled = (request: PrivilegedRequest, n: number): boolean => {
    const env = { PATH: process.env['PATH'], ...killedAt('main', n) };
    const { signal } = spawnSync('chroot', [scratch.root, '/killing-helper'], { input: privilegedInput(request), env });
    return signal === 'SIGKILL';
  };
  const undoAll = async (): Promise<void> => {
    for (const { id } of changesOf((await facts()).record)) {
      expect(scratch.ask({ verb: 'file-restore', backup: Number(id) })).toMatchObject({ ok: true });
    }
    expect(changesOf((await facts()).record)).toEqual([]);
  };

  test.each(rounds)('while it writes $name', async ({ path, before, after, request }) => {
    const seen = new Set<string | undefined>();
    let n = 1;
    for (; isKilled(request, n); n++) {
      const now = scratch.get(path);
      seen.add(now);
      expect([before, after]).toContain(now);
      // What is new can be taken back; and the next run is not in the way of what this one left.
      if (now === after) expect(changesOf((await facts()).record)).toEqual([expect.objectContaining({ path, state: 'standing' })]);
      await undoAll();
      expect(scratch.get(path)).toBe(before);
      expect(scratch.names(join(path, '..')).filter((name) => name.startsWith('.'))).toEqual([]);
    }
    expect(scratch.get(path)).toBe(after);
    await undoAll();
    // Before and after the one change that counts, and it has many.
    expect(seen.size).toBe(2);
    expect(n).toBeGreaterThan(10);
  });

  test.each(rounds)('while it takes back $name', async ({ path, before, after, request }) => {
    const seen = new Set<string | undefined>();
    let isDone = false;
    for (let n = 1; !isDone; n++) {
      const { undo } = scratch.ask(request);
      isDone = !isKilled({ verb: 'file-restore', backup: undo?.backup ?? 0 }, n);
      const now = scratch.get(path);
      seen.add(now);
      expect([before, after]).toContain(now);
      await undoAll();
      expect(scratch.get(path)).toBe(before);
    }
    expect(seen.size).toBe(2);
  });

  test('while a program of its list runs: what has not read the file is still to be run', async () => {
    scratch.ask({ verb: 'file-write', file: 'grub-default', before: crc32(old), content: fresh });
    const pending = async (): Promise<readonly string[]> =>
      pendingPrograms({ ...(await facts()), bootLoader: { type: 'grub', generator: 'update-grub', dropIns: false } });
    let n = 1;
    for (; isKilled({ verb: 'bootloader-update', command: 'update-grub' }, n); n++) {
      // Once it is written down as done, what is left is the answer.
      const isWritten = scratch.journal().some(({ verb, outcome }) => verb === 'bootloader-update' && outcome === 'done');
      expect(await pending()).toEqual(isWritten ? [] : ['update-grub']);
    }
    expect(n).toBeGreaterThan(2);
    await undoAll();
  });
});
