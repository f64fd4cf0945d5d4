// Owns bringing the limits of a running machine to what its run says now.
// Must not decide the values.
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type { ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { enforceable, type LimitShortfall } from '../core/limits/enforcement.ts';
import { limitPlan } from '../core/limits/limit-plan.ts';
import { quotaCauses } from '../core/quota/machine-quota.ts';
import { isTrue } from '../core/status/conditions.ts';
import type { EngineContext } from './context.ts';
import { networkResources } from './device-facts.ts';
import type { Guest } from './machines.ts';
import { placedMachines } from './placed-machines.ts';
import { quotaFacts } from './quota-facts.ts';
import { read } from './typed.ts';
import { applyFact } from './vmi-facts.ts';

/** A machine that uses more than its new limit is looked at again: it may have given some back. */
const againMs = 60_000;
const mebibyte = 1024 * 1024;

/** What of a run the limits are made from: while it stays the same there is nothing to do. */
export function limitsText({ spec: { domain } }: Pick<VirtualMachineInstance, 'spec'>): string {
  const { resources: amounts = {}, memory } = domain;
  // What QEMU needs beside the guest follows the guest's size, and counts only towards a limit.
  return JSON.stringify([amounts, amounts.limits?.memory === undefined ? {} : (memory ?? {})]);
}

export async function syncLimits(context: EngineContext, key: ObjectKey, guest: Guest): Promise<void> {
  const { host, store, events, clock } = context;
  const vmi = read(store, { ...key, resource: resources.virtualMachineInstances });
  if (vmi === undefined || guest.stop !== undefined) return;
  const text = limitsText(vmi);
  if (guest.limits === text) return;
  const isAdopted = guest.limits === undefined;
  const { limits: abilities, accelerator } = await context.hostFacts();
  const plan = enforceable(limitPlan(vmi, accelerator.inUse), abilities);
  const used = plan.memoryMaxBytes === undefined ? undefined : (await host.limits.counters(guest.runDir))?.currentBytes;
  if (!isAdopted && used !== undefined && used > (plan.memoryMaxBytes ?? 0)) {
    const shortfall = tooLow(used, plan.memoryMaxBytes ?? 0);
    const after = applyFact(context, key, { type: 'Limits', abilities, shortfalls: [shortfall], accelerator: accelerator.inUse });
    if (after?.status !== vmi.status) events.record(vmi, { type: 'Warning', reason: 'LimitNotApplied', message: shortfall.message });
    context.wakeAt(key, clock.now() + againMs);
    return;
  }
  guest.limits = text;
  const shortfalls = [...(await host.limits.set(guest.runDir, plan)), ...(await host.limits.verify(guest.runDir, guest.machine.pid))];
  await host.limits.setOomOrder(guest.machine.pid, plan.oomScoreAdj);
  applyFact(context, key, { type: 'Limits', abilities, shortfalls, accelerator: accelerator.inUse });
  // After an adoption they are only set again.
  if (!isAdopted)
    events.record(vmi, { type: 'Normal', reason: 'LimitsChanged', message: 'The limits of the running machine were changed.' });
}

/** On version 2 the kernel would end it on the spot. */
function tooLow(usedBytes: number, limitBytes: number): LimitShortfall {
  const mib = (bytes: number): number => Math.ceil(bytes / mebibyte);
  return {
    kind: 'memory',
    message: `The machine uses ${mib(usedBytes)} MiB, the new limit with what QEMU needs is ${mib(limitBytes)} MiB: it is set when it uses less, or at the next start.`,
  };
}

/** The changed run, or, where its limits are more than its project's quota has left, the sentence that says so. */
export function limitsWithinQuota(
  context: EngineContext,
  before: VirtualMachineInstance,
  after: VirtualMachineInstance,
): string | undefined {
  if (limitsText(before) === limitsText(after)) return undefined;
  const others = placedMachines(context.store, before.metadata.uid);
  const { quota } = quotaFacts(context.store, after, others);
  if (quota === undefined) return undefined;
  const accelerator = isTrue(before.status?.conditions, 'SoftwareEmulation') ? 'tcg' : 'kvm';
  const causes = quotaCauses(after, quota, { accelerator, networkResources: networkResources(context.store) });
  return causes.length === 0 ? undefined : causes.map(({ message }) => message).join(' ');
}
