// Owns loading the PreparationPort when somebody asks for it: most computers are never prepared.
// Must not do any of its work.
import type { PreparationPort } from '../../engine/ports.ts';

export function preparationOnDemand(): PreparationPort {
  let loading: Promise<PreparationPort> | undefined;
  const port = (): Promise<PreparationPort> => (loading ??= import('./preparation.ts').then((loaded) => loaded.createPreparation()));
  return {
    facts: async () => (await port()).facts(),
    apply: async (step) => (await port()).apply(step),
    restore: async (backup) => (await port()).restore(backup),
  };
}
