// Owns the preparation of this computer: what is wanted by devices and MachineConfigs, against what there is.
// Must not decide the steps; core/preparation does.
import type { PciAddress } from '../api/host-devices.ts';
import type { MachineConfig } from '../api/kinds/machine-config.ts';
import type { PreparationPlan } from '../api/preparation.ts';
import { resources } from '../api/resources.ts';
import { preparationPlan } from '../core/preparation/plan.ts';
import { wishesOf } from '../core/preparation/wishes.ts';
import { fieldsWithoutEffect } from '../core/status/machine-config-status.ts';
import type { EngineContext } from './context.ts';
import { readAll } from './typed.ts';

type Parts = Pick<EngineContext, 'host' | 'store'>;

/** Of these devices and of every MachineConfig that is there. Changes nothing. */
export async function planPreparation(parts: Parts, devices: readonly PciAddress[]): Promise<PreparationPlan> {
  return planOf(parts, { devices, machineConfigs: readAll(parts.store, resources.machineConfigs) });
}

/** The part of the whole plan that this MachineConfig asks for: a file that another one overrides is not among it. */
export async function planOfMachineConfig(parts: Parts, config: MachineConfig): Promise<PreparationPlan> {
  const [whole, own] = await Promise.all([planPreparation(parts, []), planOf(parts, { devices: [], machineConfigs: [config] })]);
  const isOwn = ({ id }: { readonly id: string }): boolean => own.steps.some((step) => step.id === id);
  const unread = fieldsWithoutEffect(config);
  return {
    ...own,
    steps: whole.steps.filter(isOwn),
    untilRestart: whole.untilRestart.filter((argument) => own.untilRestart.includes(argument)),
    remarks: [...own.remarks, ...(unread.length === 0 ? [] : [`Kept, and without effect on this computer: ${unread.join(', ')}.`])],
  };
}

interface Wanted {
  readonly devices: readonly PciAddress[];
  readonly machineConfigs: readonly MachineConfig[];
}

async function planOf({ host }: Parts, wanted: Wanted): Promise<PreparationPlan> {
  const [facts, { pci }] = await Promise.all([host.preparation.facts(), host.devices.facts()]);
  const { wishes, causes, remarks } = wishesOf(wanted, { pci });
  const plan = preparationPlan(facts, wishes);
  return { ...plan, causes: [...causes, ...plan.causes], remarks: [...remarks, ...plan.remarks] };
}
