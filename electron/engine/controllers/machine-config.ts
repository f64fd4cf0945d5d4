// Owns a MachineConfig's status: what of it stands on this computer, looked at again now and then.
// Must not change the computer.
import type { MachineConfig } from '../../api/kinds/machine-config.ts';
import { resources } from '../../api/resources.ts';
import { machineConfigStatus } from '../../core/status/machine-config-status.ts';
import { sameJson } from '../../core/status/same-json.ts';
import type { Controller, EngineContext } from '../context.ts';
import { planOfMachineConfig } from '../preparation.ts';
import { read } from '../typed.ts';

/** An administrator may change the same files by hand, and nothing tells of it. */
const againMs = 60_000;

export function createMachineConfigController(context: EngineContext): Controller {
  const { store, clock } = context;
  return {
    async reconcile(key) {
      const config = read(store, { ...key, resource: resources.machineConfigs });
      if (config === undefined) return;
      const plan = await planOfMachineConfig(context, config);
      context.wakeAt(key, clock.now() + againMs);
      context.objects.change(key, (object) => {
        const { status, metadata } = object as MachineConfig;
        const next = machineConfigStatus({ status, generation: metadata.generation }, plan, clock.now());
        return sameJson(next, status) ? object : { ...object, status: next };
      });
    },
  };
}
