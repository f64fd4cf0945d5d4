// Owns the SessionPort: starting with the user's session, and this computer's sleep.
// Must not know systemd's or logind's words; the files beside do.
import { fileURLToPath } from 'node:url';
import type { Log, SessionPort } from '../../engine/ports.ts';
import { loginStart, type LoginUnitPlaces, setLoginStart } from './login-unit.ts';
import { watchSleep } from './sleep-watch.ts';

export interface SessionOptions {
  readonly dataDir: string;
  readonly runDir: string;
  readonly log: Log;
}

export function createSession({ dataDir, runDir, log }: SessionOptions): SessionPort {
  const places: LoginUnitPlaces = {
    dataDir,
    runDir,
    node: process.execPath,
    isElectron: process.versions['electron'] !== undefined,
    launcher: fileURLToPath(new URL('../../virtdeck.mjs', import.meta.url)),
  };
  return {
    loginStart: () => loginStart(),
    setLoginStart: (enabled) => setLoginStart(enabled, places),
    watchSleep: (listener) => watchSleep(listener, log),
  };
}
