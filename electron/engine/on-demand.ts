// Owns a controller that is loaded with the first object of its kind: most computers never have one, and the core is to start small.
// Must not be used for kinds that every computer has.
import type { Controller } from './context.ts';

export function onDemand(load: () => Promise<Controller>): Controller {
  let loading: Promise<Controller> | undefined;
  return {
    async reconcile(key) {
      loading ??= load();
      await (await loading).reconcile(key);
    },
  };
}
