// Owns a picture of the guest's screen, taken by QEMU itself.
// Must not keep it; machines.ts does.
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../api/errors.ts';
import type { QmpSession } from '../qemu/qmp.ts';

const screendumpTimeoutMs = 10_000;

/** PNG. Throws Conflict for a machine without a screen. The file lies in the run directory: QEMU may write there, and nobody else read. */
export async function takeScreenshot(qmp: QmpSession, runDir: string): Promise<Uint8Array> {
  const filename = path.join(runDir, `screenshot-${performance.now().toString(36).replace('.', '')}.png`);
  try {
    await qmp.execute('screendump', { filename, format: 'png' }, screendumpTimeoutMs);
    return await readFile(filename);
  } catch (error) {
    if (error instanceof AppError && /no console|console .* not|no graphic/i.test(error.message)) {
      throw new AppError('Conflict', 'This machine has no screen, so there is nothing to take a picture of.', { cause: error });
    }
    throw error;
  } finally {
    await rm(filename, { force: true });
  }
}
