// Owns telling a machine's charge line by line, and how each quota of its project stands to it.
// Must not refuse; machine-quota.ts does.
import type { ChargeLine, ChargeReport, QuotaShare } from '../../api/charge.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { type Amounts, amountOf, amountText } from '../placement/amounts.ts';
import { type ChargeFacts, chargeOf } from '../placement/charge.ts';
import { memoryOverhead } from '../placement/overhead.ts';
import { guestMemory } from '../qemu/devices/memory.ts';
import { givenOf } from './given-amounts.ts';
import { type QuotaFacts, usedByMachines } from './machine-quota.ts';
import { coversMachine } from './scopes.ts';
import { usageOfCharge } from './usage.ts';

const mebibyte = 1024 * 1024;

export function chargeReport(vmi: VirtualMachineInstance, facts: QuotaFacts | undefined, charging: ChargeFacts): ChargeReport {
  const charge = chargeOf(vmi, charging);
  const overhead = memoryOverhead(vmi, charging.accelerator);
  const overheadMiB = overhead.reduce((sum, { mib }) => sum + mib, 0);
  const memoryMiB = (charge.requests['memory'] ?? 0) / mebibyte;
  const { memory, resources } = vmi.spec.domain;
  const isLeftOut = resources?.overcommitGuestOverhead === true && memory?.hugepages === undefined;
  // Pages are a resource of their own: ordinary memory is then for what runs the guest alone.
  const ownMiB = memoryMiB - (isLeftOut ? 0 : overheadMiB);
  const own: readonly ChargeLine[] =
    ownMiB <= 0 ? [] : [{ what: ownMiB < (guestMemory(vmi)?.mib ?? 0) ? 'Request' : 'Guest', mib: ownMiB }];
  return {
    memory: isLeftOut ? own : [...own, ...overhead],
    requests: texts(charge.requests),
    limits: texts(charge.limits),
    leftOutMiB: isLeftOut ? overheadMiB : 0,
    ...givenOf(vmi),
    quotas: facts === undefined ? [] : shares(vmi, facts, charging),
  };
}

function shares(vmi: VirtualMachineInstance, { quotas, machines }: QuotaFacts, charging: ChargeFacts): readonly QuotaShare[] {
  const usage = usageOfCharge(chargeOf(vmi, charging));
  const { namespace, name } = vmi.metadata;
  const others = machines.filter(({ metadata }) => metadata.namespace !== namespace || metadata.name !== name);
  return quotas
    .filter(({ spec }) => coversMachine(spec, vmi))
    .flatMap((quota) => {
      const used = usedByMachines(quota, others, charging);
      return Object.entries(quota.spec.hard ?? {}).flatMap(([resource, text]): readonly QuotaShare[] => {
        const takes = usage[resource];
        if (takes === undefined) return [];
        const [taken, hard] = [used[resource] ?? 0, amountOf(resource, text) ?? 0];
        const share = { quota: quota.metadata.name, resource, takes: amountText(resource, takes), used: amountText(resource, taken) };
        return [{ ...share, hard: amountText(resource, hard), fits: taken + takes <= hard }];
      });
    });
}

function texts(amounts: Amounts): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, amountText(name, amount)]));
}
