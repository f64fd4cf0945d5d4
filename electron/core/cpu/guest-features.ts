// Owns which processor features guests can have here, where QEMU's own answer is not all.
// Must not ask anybody.
import type { HostFacts } from '../facts.ts';

/** QEMU's name → whether guests can have it. Undefined: QEMU was not asked. */
export function guestFeatures({ qemu, accelerator: { inUse }, cpus }: HostFacts): ReadonlyMap<string, boolean> | undefined {
  const known = qemu?.cpuFeatures[inUse];
  // An invariant clock keeps a guest from being migrated: QEMU's `max` leaves it out, and gives it to whoever asks for it by name.
  if (inUse !== 'kvm' || cpus.hasInvariantTsc !== true || known?.get('invtsc') !== false) return known;
  return new Map([...known, ['invtsc', true]]);
}
