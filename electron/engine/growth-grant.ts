// Owns whether a running machine gets the processors and the memory that its definition asks for now.
// Must not plug them; growth.ts does, once the run says that it has them.
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../api/kinds/virtual-machine.ts';
import { phaseOf } from '../api/lifecycle.ts';
import { resources } from '../api/resources.ts';
import { chargeFactsOf } from '../core/placement/place-machine.ts';
import { growthCauses } from '../core/placement/room-to-grow.ts';
import { grownParts, growthOf } from '../core/reconcile/growth.ts';
import { nextRun } from '../core/reconcile/next-run.ts';
import type { VmObserved } from '../core/status/vm-observed.ts';
import type { EngineContext } from './context.ts';
import { placedMachines } from './placed-machines.ts';
import { placementFacts } from './placement-facts.ts';
import { quotaFacts } from './quota-facts.ts';
import { read } from './typed.ts';
import { applyFact } from './vmi-facts.ts';

type Choosing = Pick<VmObserved, 'choice' | 'presets'>;

export async function grow(context: EngineContext, vm: VirtualMachine, choosing: Choosing): Promise<void> {
  const host = await context.hostFacts();
  // From here without a pause: two machines must not both be promised the last of anything.
  const { namespace = 'default', name } = vm.metadata;
  const key = { resource: resources.virtualMachineInstances, namespace, name } as const;
  const vmi = read(context.store, key);
  if (vmi === undefined || phaseOf(vmi) !== 'Running' || vmi.metadata.deletionTimestamp !== undefined) return;
  const spec = wantedSpec(vm, vmi, choosing);
  const parts = grownParts(vmi.spec, spec);
  const accelerator = host.accelerator.inUse;
  const others = placedMachines(context.store, vmi.metadata.uid);
  const placement = placementFacts(context, { others, host });
  const facts = { world: placement.world, ...quotaFacts(context.store, vmi, others), ...chargeFactsOf(placement, accelerator) };
  const causes = parts.length === 0 ? [] : growthCauses({ ...vmi, spec }, facts);
  const asked = applyFact(context, key, { type: 'GrowthAsked', parts, causes });
  if (causes.length > 0) {
    const message = causes.map((cause) => cause.message).join(' ');
    if (asked !== undefined && asked.status !== vmi.status)
      context.events.record(vmi, { type: 'Warning', reason: 'FailedHotplug', message });
    return;
  }
  if (spec !== vmi.spec) context.objects.change(key, (now) => ({ ...now, spec: wantedSpec(vm, now as VirtualMachineInstance, choosing) }));
}

function wantedSpec(vm: VirtualMachine, vmi: VirtualMachineInstance, choosing: Choosing): VirtualMachineInstance['spec'] {
  if (vm.spec.template.spec === undefined) return vmi.spec;
  return growthOf(vmi, nextRun(vm, vmi, choosing).spec).spec;
}
