// Owns a log that nobody reads.
// Must not swallow what a test is about.
import type { Log } from '../../electron/engine/ports.ts';

export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
