// Owns the manifest of a machine whose guest is held before the first instruction: where it is does not depend on what it does.
// Must not start it.
import type { RunStrategy } from '../../../electron/api/lifecycle.ts';
import { guestMachine } from '../../guests/guest-machine.ts';

export interface HeldSpec {
  readonly domain: object;
  /** Always when absent. */
  readonly runStrategy?: RunStrategy;
  readonly nodeSelector?: object;
  readonly volumes?: readonly object[];
}

export function heldMachine(name: string, { domain, runStrategy = 'Always', ...spec }: HeldSpec): object {
  const devices = { autoattachGraphicsDevice: false, ...(domain as { readonly devices?: object }).devices };
  return guestMachine(name, { runStrategy, spec: { startStrategy: 'Paused', ...spec }, domain, devices });
}
