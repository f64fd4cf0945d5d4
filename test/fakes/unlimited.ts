// Owns the limits of a computer that has none.
// Must not make any control group.
import { createLimits, type HostLimits } from '../../electron/host/limits/limits.ts';
import { noDriver } from '../../electron/host/limits/no-driver.ts';
import { recordingLog } from './recording-log.ts';

export function unlimited(): HostLimits {
  return createLimits({ log: recordingLog(), driver: async () => noDriver('Nothing is limited in this test.') });
}
