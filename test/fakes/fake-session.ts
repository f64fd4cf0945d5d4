// Owns a SessionPort over the pretended computer: a session that can start the core, and a lid that can be closed.
// Must not run anything.
import type { SessionPort } from '../../electron/engine/ports.ts';
import type { FakeWorld } from './fake-world.ts';

export function fakeSession(world: FakeWorld): SessionPort {
  const now = () => ({ available: true, enabled: world.startsAtLogin, unitFile: '/home/me/.config/systemd/user/virtdeck.service' });
  return {
    loginStart: async () => now(),
    setLoginStart: async (enabled) => {
      world.startsAtLogin = enabled;
      return now();
    },
    watchSleep(listener) {
      world.sleepListener = listener;
      return () => {
        if (world.sleepListener === listener) world.sleepListener = undefined;
      };
    },
  };
}
