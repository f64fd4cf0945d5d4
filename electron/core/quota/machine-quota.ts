// Owns whether a project's quotas and ranges let a machine start.
// Must not gather facts: they are those of the turn in which the start is decided.
import type { Cause } from '../../api/errors.ts';
import type { FixAction } from '../../api/fix-actions.ts';
import type { JsonObject } from '../../api/object.ts';
import type { LimitRange } from '../../api/kinds/limit-range.ts';
import type { ResourceQuota } from '../../api/kinds/resource-quota.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { bytesOf, formatBytes } from '../../api/quantity.ts';
import { type Amounts, amountsOf, totalOf } from '../placement/amounts.ts';
import { type ChargeFacts, chargeOf } from '../placement/charge.ts';
import { guestMemory } from '../qemu/devices/memory.ts';
import { topologyOf } from '../qemu/topology.ts';
import { type Exceeded, exceeded, neededText, raiseQuota } from './exceeded.ts';
import { machineRangeFindings } from './limit-range.ts';
import type { QuotaFinding } from './quota-finding.ts';
import { quotaReasons } from './reasons.ts';
import { coversMachine } from './scopes.ts';
import { usageOfCharge, usageOfMachine } from './usage.ts';

/** Of the machine's project. */
export interface QuotaFacts {
  readonly quotas: readonly ResourceQuota[];
  readonly limitRanges: readonly LimitRange[];
  /** Machines that have their place, without the one that wants one. */
  readonly machines: readonly VirtualMachineInstance[];
}

const mebibyte = 1024 * 1024;
const headroomMiB = 100;
/** So many machines are named in a fix. */
const namedMachines = 3;

export function quotaCauses(vmi: VirtualMachineInstance, facts: QuotaFacts, charging: ChargeFacts): readonly Cause[] {
  return quotaFindings(vmi, facts, charging).map(({ cause }) => cause);
}

export function quotaFindings(vmi: VirtualMachineInstance, facts: QuotaFacts, charging: ChargeFacts): readonly QuotaFinding[] {
  const charge = chargeOf(vmi, charging);
  const usage = usageOfCharge(charge);
  const covering = facts.quotas.filter(({ spec }) => coversMachine(spec, vmi));
  return [
    ...machineRangeFindings(charge, facts.limitRanges),
    ...covering.flatMap((quota) => missingLimits(vmi, quota, usage)),
    ...(covering.some(({ spec }) => spec.hard?.['limits.memory'] !== undefined) ? closeLimit(vmi) : []),
    ...covering.flatMap((quota) => {
      const peers = facts.machines.filter((other) => coversMachine(quota.spec, other));
      return tooMuch({ quota, peers, usage, charging });
    }),
  ];
}

/** What machines take of a quota. */
export function usedByMachines(
  { spec }: Pick<ResourceQuota, 'spec'>,
  machines: readonly VirtualMachineInstance[],
  charging: ChargeFacts,
): Amounts {
  return totalOf(machines.filter((vmi) => coversMachine(spec, vmi)).map((vmi) => usageOfMachine(vmi, charging)));
}

function missingLimits(vmi: VirtualMachineInstance, { metadata, spec }: ResourceQuota, usage: Amounts): readonly QuotaFinding[] {
  const missing = ['limits.cpu', 'limits.memory'].filter((name) => spec.hard?.[name] !== undefined && usage[name] === undefined);
  const [first] = missing;
  if (first === undefined) return [];
  return [
    {
      resources: missing,
      cause: {
        reason: quotaReasons.limitsMissing,
        field: `spec.domain.resources.${first}`,
        message: `failed quota: ${metadata.name}: must specify ${missing.map((name) => `${name} for: compute`).join('; ')}`,
        fix: `Set ${missing.map((name) => `resources.${name}`).join(' and ')}, or give the project a LimitRange with defaults.`,
        actions: [setLimits(vmi, missing)],
      },
    },
  ];
}

/** In bytes. `fitting` has room for all of the guest, also where less is requested. */
function memoryLimit(vmi: VirtualMachineInstance): { readonly request: number; readonly least: number; readonly fitting: number } {
  const guest = (guestMemory(vmi)?.mib ?? 0) * mebibyte;
  const request = bytesOf(vmi.spec.domain.resources?.requests?.['memory']) ?? guest;
  const headroom = headroomMiB * mebibyte;
  return { request, least: request + headroom, fitting: Math.max(request, guest) + headroom };
}

/** As much as its vCPUs can use, and the memory with room for what runs the guest. */
function setLimits(vmi: VirtualMachineInstance, names: readonly string[]): FixAction {
  const { resources } = vmi.spec.domain;
  const limits = {
    ...resources?.limits,
    ...(names.includes('limits.cpu') ? { cpu: String(topologyOf(vmi).vcpus) } : {}),
    ...(names.includes('limits.memory') ? { memory: formatBytes(memoryLimit(vmi).fitting) } : {}),
  };
  const value = { ...resources, limits } as JsonObject;
  const said = names.map((name) => `${name}=${name === 'limits.cpu' ? limits.cpu : limits.memory}`).join(' and ');
  return { type: 'PatchMachine', label: `Set ${said}`, patch: [{ op: 'add', path: '/spec/domain/resources', value }] };
}

/**
 * A limit is on the guest and on what runs it, so it needs room above the request. Whole cores demand that both are equal, and
 * huge pages are no ordinary memory: there the overhead is added by itself.
 */
function closeLimit(vmi: VirtualMachineInstance): readonly QuotaFinding[] {
  const { cpu, memory, resources } = vmi.spec.domain;
  const limit = bytesOf(resources?.limits?.['memory']);
  if (limit === undefined || cpu?.dedicatedCpuPlacement === true || memory?.hugepages !== undefined) return [];
  const { request, least } = memoryLimit(vmi);
  if (limit >= least) return [];
  return [
    {
      resources: ['limits.memory'],
      cause: {
        reason: quotaReasons.limitTooClose,
        field: 'spec.domain.resources.limits.memory',
        message:
          `limits.memory must be at least requests.memory + ${headroomMiB}Mi where a quota limits memory: ` +
          `requests.memory=${formatBytes(request)}, limits.memory=${formatBytes(limit)}`,
        fix: `Set limits.memory to ${formatBytes(least)} or more.`,
        actions: [setLimits(vmi, ['limits.memory'])],
      },
    },
  ];
}

interface Asked {
  readonly quota: ResourceQuota;
  readonly peers: readonly VirtualMachineInstance[];
  readonly usage: Amounts;
  readonly charging: ChargeFacts;
}

function tooMuch({ quota, peers, usage, charging }: Asked): readonly QuotaFinding[] {
  const { name } = quota.metadata;
  const used = usedByMachines(quota, peers, charging);
  const answer = exceeded({ name, hard: amountsOf(quota.spec.hard), used }, usage);
  if (answer === undefined) return [];
  const names = peers.map(({ metadata }) => metadata.name).toSorted();
  const some = names.length > namedMachines ? [...names.slice(0, namedMachines), 'another'] : names;
  const stop = some.length === 0 ? 'Make it smaller' : `Stop ${some.join(' or ')}`;
  return [
    {
      resources: answer.resources,
      cause: {
        reason: quotaReasons.exceeded,
        field: fieldOf(answer.resources[0] ?? ''),
        message: answer.message,
        fix: `${stop}, or raise quota ${name}: ${neededText(answer)}.`,
        actions: [
          ...peers
            .filter((peer) => frees(peer, answer, { quota, charging }))
            .slice(0, namedMachines)
            .map(stopOf),
          raiseQuota(quota.metadata, answer),
        ],
      },
    },
  ];
}

/** Whether stopping this one alone leaves enough. */
function frees(
  peer: VirtualMachineInstance,
  { resources, needed }: Exceeded,
  { quota, charging }: { readonly quota: ResourceQuota; readonly charging: ChargeFacts },
): boolean {
  const taken = usageOfMachine(peer, charging);
  const hard = amountsOf(quota.spec.hard);
  return resources.every((resource) => (needed[resource] ?? 0) - (taken[resource] ?? 0) <= (hard[resource] ?? 0));
}

function stopOf({ metadata }: VirtualMachineInstance): FixAction {
  return { type: 'StopMachine', namespace: metadata.namespace ?? 'default', name: metadata.name };
}

/** Where the machine says how much it wants. */
function fieldOf(resource: string): string {
  if (resource.startsWith('limits.')) return `spec.domain.resources.${resource}`;
  const bare = resource.replace(/^requests\./, '');
  if (bare === 'cpu') return 'spec.domain.cpu';
  if (bare === 'memory') return 'spec.domain.memory.guest';
  if (bare.startsWith('hugepages-')) return 'spec.domain.memory.hugepages';
  return resource === bare ? 'spec' : 'spec.domain.devices';
}
