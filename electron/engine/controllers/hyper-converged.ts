// Owns HyperConverged: certificates are brought in order at the times they are due, mediated devices when something changed, and its status says how they stand.
// Must not issue or make anything itself.
import type { HyperConverged, HyperConvergedStatus } from '../../api/kinds/hyper-converged.ts';
import { hyperConvergedStatus } from '../../core/status/hyper-converged-status.ts';
import { hyperConvergedKey } from '../certificates.ts';
import type { Controller, EngineContext } from '../context.ts';
import { plantSeeds } from '../seeds.ts';
import { read } from '../typed.ts';

export function createHyperConvergedController(context: EngineContext): Controller {
  const { store, clock, certificates, mediated } = context;
  return {
    async reconcile() {
      // Somebody deleted it: durations are the defaults again.
      if (read(store, hyperConvergedKey) === undefined) plantSeeds(store, context.objects);
      const state = await certificates.bringInOrder();
      if (state.nextAtMs !== undefined) context.wakeAt(hyperConvergedKey, state.nextAtMs);
      const devices = await mediated.bringInOrder();
      context.objects.change(hyperConvergedKey, (object) => {
        const { spec, status, metadata } = object as HyperConverged;
        const next: HyperConvergedStatus = hyperConvergedStatus(
          { spec, status, generation: metadata.generation },
          { ...state, ...(devices === undefined ? {} : { mediated: devices }) },
          clock.now(),
        );
        return { ...object, status: next };
      });
    },
  };
}
