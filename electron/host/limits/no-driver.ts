// Owns the way of limiting that is none: everything is let be, and it says why.
// Must not be silent.
import type { LimitAbilities } from '../../core/limits/enforcement.ts';
import type { LimitDriver } from './limit-driver.ts';

export function noDriver(message: string, fix?: string): LimitDriver {
  const abilities: LimitAbilities = { by: 'nothing', can: [], message, ...(fix === undefined ? {} : { fix }) };
  return {
    abilities,
    set: async () => [],
    prefix: () => [],
    join: async () => undefined,
    counters: async () => undefined,
    path: () => undefined,
    remove: async () => undefined,
  };
}
