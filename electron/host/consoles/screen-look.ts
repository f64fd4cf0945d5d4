// Owns the last look at a screen: a file in the run directory that goes with it, replaced as a whole.
// Must not decide when to look.
import { constants } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ScreenPicture } from '../../engine/ports.ts';
import { errnoOf } from '../errno.ts';
import type { QmpSession } from '../qemu/qmp.ts';
import { pngOfPpm } from './png-of-ppm.ts';

const lookName = 'screen.ppm';
// QEMU answers in its turn, and draws the picture even when nobody waits any more: the next question must not overtake it.
const answerTimeoutMs = 60_000;
// More than the largest screen that a guest of QEMU can have has (5120x2880).
const maxBytes = 64 * 1024 * 1024;

/** As RunningMachine.look. Throws as QMP does. */
export async function lookAtScreen(qmp: QmpSession, runDir: string, isCurrent: () => boolean): Promise<void> {
  const fresh = path.join(runDir, `${lookName}.new`);
  // Without `format`: PPM, which QEMU only copies. It holds its big lock meanwhile: 5 ms for 1280x800 of text, 27 ms as PNG, and more for a
  // picture that is not almost empty. A guest that plays sound would hear that every time.
  await qmp.execute('screendump', { filename: fresh }, answerTimeoutMs);
  if (isCurrent()) await rename(fresh, path.join(runDir, lookName));
  else await rm(fresh, { force: true });
}

/** Undefined when there is none, or none that can be read as a picture. */
export async function lastLook(runDir: string): Promise<ScreenPicture | undefined> {
  // A guest that broke out of its QEMU can put anything there: nothing is followed, and nothing waited for.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(path.join(runDir, lookName), flags).catch((error: unknown) => {
    if (['ENOENT', 'ELOOP'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  });
  if (handle === undefined) return undefined;
  try {
    const found = await handle.stat();
    if (!found.isFile() || found.size > maxBytes) return undefined;
    const png = await pngOfPpm(await handle.readFile());
    return png === undefined ? undefined : { png, at: found.mtimeMs };
  } finally {
    await handle.close();
  }
}
