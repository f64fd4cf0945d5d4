// Owns what is known of QEMU's words when it refuses a device of this computer while it runs: causes with fixes, as at the start.
// Must not hold the texts; vfio-texts.ts does.
import { AppError } from '../../api/errors.ts';
import type { Json } from '../../api/object.ts';
import { knownCause } from './known-text.ts';
import { vfioTexts } from './vfio-texts.ts';

export async function explained(execute: string, answer: Promise<Json>): Promise<Json> {
  if (execute !== 'device_add') return await answer;
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'QmpFailed') throw error;
    const known = knownCause(vfioTexts, error.message);
    if (known === undefined) throw error;
    const cause = { field: 'spec.domain.devices.hostDevices', ...known };
    throw new AppError('QmpFailed', error.message, { causes: [cause], cause: error });
  }
}
