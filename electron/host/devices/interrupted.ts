// Owns finding groups of devices that the privileged program was at when all its processes were ended.
// Must not finish them; the program does that with whatever it is asked for next.
import { stat } from 'node:fs/promises';
import type { PciAddress } from '../../api/host-devices.ts';
import { flockedFiles, lockedFile } from '../kernel-locks.ts';
import type { Sysfs } from './sysfs.ts';

/** Files as native/helper/group-move.c writes them; each is locked while a process is at it, and removed before it is unlocked. */
const kinds = /^(moving|ending|trial)-([0-9a-f:.]+)$/;

export async function readInterrupted(sysfs: Sysfs, folder: string): Promise<readonly PciAddress[]> {
  const names = (await sysfs.names(folder)).filter((name) => kinds.test(name));
  // In this order: one that ended in between is gone at the second look at it.
  const begun = await Promise.all(names.map((name) => begunIn(sysfs, `${folder}/${name}`)));
  const open = begun.filter((one) => one !== undefined);
  if (open.length === 0) return [];
  const locked = flockedFiles((await sysfs.text('/proc/locks')) ?? '');
  const left = await Promise.all(
    open.map(async ({ file, identity }) => (!locked.has(identity) && (await identityOf(sysfs, file)) === identity ? file : undefined)),
  );
  return [...new Set(left.flatMap((file) => kinds.exec(file?.slice(folder.length + 1) ?? '')?.[2] ?? []))];
}

/** Without a word in it nothing was begun; and a trial stands until its time is over, whatever became of who ends it. */
async function begunIn(sysfs: Sysfs, file: string): Promise<{ readonly file: string; readonly identity: string } | undefined> {
  const [text, identity] = await Promise.all([sysfs.text(file), identityOf(sysfs, file)]);
  if (text === undefined || text === '' || identity === undefined) return undefined;
  const until = /"until":(\d+)/.exec(text)?.[1];
  const stands = file.includes('/trial-') && until !== undefined && Number(until) * 1000 > Date.now();
  return stands ? undefined : { file, identity };
}

async function identityOf(sysfs: Sysfs, file: string): Promise<string | undefined> {
  const found = await stat(sysfs.outside(file), { bigint: true }).catch(() => undefined);
  return found === undefined ? undefined : lockedFile(found);
}
