// Owns the amounts that a new run gets where its author says nothing: of its project's ranges and labels, and of this computer's density.
// Must not gather where they come from. They are written down on the run, so that a later change of theirs makes it no other machine.
import { annotations } from '../../api/annotations.ts';
import type { ChargeReport } from '../../api/charge.ts';
import type { LimitRange } from '../../api/kinds/limit-range.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { type LabelSelector, selects } from '../../api/label-match.ts';
import { bytesOf, formatBytes, milliOf } from '../../api/quantity.ts';
import { asksForDevices } from '../devices/assignment.ts';
import { amountText } from '../placement/amounts.ts';
import { topologyOf } from '../qemu/topology.ts';
import { type ProjectLimits, autoLimitsRatio } from './auto-limits.ts';
import { type Density, defaultDensity } from './density.ts';
import { rangeDefaults } from './limit-range.ts';

type List = Readonly<Record<string, string>>;
type Domain = VirtualMachineInstance['spec']['domain'];
type Draft = Pick<VirtualMachineInstance, 'spec'> & { readonly metadata?: { readonly annotations?: List } };

export interface GivenAmounts extends Partial<Density> {
  readonly limits?: List;
  readonly requests?: List;
  readonly autoMemoryLimitsRatio?: number;
  /** It may use as many processors as it has vCPUs, and no more. */
  readonly autoCpuLimit?: true;
}

export interface Surroundings extends ProjectLimits {
  readonly ranges: readonly LimitRange[];
  readonly density: Density;
  readonly autoCpuLimitOf?: LabelSelector;
}

/** Nothing is written down that every machine has. */
export function givenAmounts({ ranges, density, autoCpuLimitOf, ...project }: Surroundings): GivenAmounts {
  const { limits, requests } = rangeDefaults(ranges);
  const ratio = autoLimitsRatio(project);
  const { memoryOvercommitPercentage, cpuAllocationRatio } = density;
  return {
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    ...(Object.keys(requests).length === 0 ? {} : { requests }),
    ...(ratio === undefined ? {} : { autoMemoryLimitsRatio: ratio }),
    ...(selects(autoCpuLimitOf, project.labels) ? { autoCpuLimit: true } : {}),
    ...(memoryOvercommitPercentage === defaultDensity.memoryOvercommitPercentage ? {} : { memoryOvercommitPercentage }),
    ...(cpuAllocationRatio === defaultDensity.cpuAllocationRatio ? {} : { cpuAllocationRatio }),
  };
}

/** The run with them, and with a note of them. */
export function withGivenAmounts<Run extends Draft>(run: Run, given: GivenAmounts): Run {
  if (Object.keys(given).length === 0) return run;
  const noted = { ...run.metadata, annotations: { ...run.metadata?.annotations, [annotations.givenAmounts]: JSON.stringify(given) } };
  return { ...withAmounts(run, given), metadata: noted };
}

/** What a run was given when it was made. Memory that it has whole, for a device that may be gone by now, is not lent while it runs. */
export function givenTo({ metadata, spec }: Draft): GivenAmounts {
  const text = metadata?.annotations?.[annotations.givenAmounts];
  if (text === undefined) return {};
  // Nobody but the core writes it.
  const { memoryOvercommitPercentage, ...others } = JSON.parse(text) as GivenAmounts;
  const isLent = memoryOvercommitPercentage !== undefined && spec.domain.resources?.requests?.memory !== undefined;
  return isLent ? { ...others, memoryOvercommitPercentage } : others;
}

/** For what a definition would make of a run: what its author leaves open is as the run was given it. */
export function withAmounts<Run extends Pick<Draft, 'spec'>>(run: Run, given: GivenAmounts): Run {
  const { domain } = run.spec;
  const { resources } = domain;
  const requests = { ...memoryRequest(domain, given), ...resources?.requests };
  const limits = { ...newLimits(run, given, requests), ...resources?.limits };
  // A limit that was given is no request: else a limit of two processors would make a machine of two.
  const isCpuGiven = limits['cpu'] !== undefined && resources?.limits?.cpu === undefined && requests['cpu'] === undefined;
  const cpu = isCpuGiven ? { cpu: amountText('cpu', cpuRequestMilli(run, given)) } : {};
  const complete = {
    ...resources,
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    ...(Object.keys({ ...requests, ...cpu }).length === 0 ? {} : { requests: { ...requests, ...cpu } }),
  };
  return Object.keys(complete).length === 0 ? run : { ...run, spec: { ...run.spec, domain: { ...domain, resources: complete } } };
}

/** What of a run's charge is not its author's word. */
export function givenOf(run: VirtualMachineInstance): Pick<ChargeReport, 'density' | 'givenLimits'> {
  const given = givenTo(run);
  const { cpu, resources, memory } = run.spec.domain;
  const { memoryOvercommitPercentage } = given;
  const lent = memoryOvercommitPercentage === undefined ? undefined : lentBytes(memory?.guest, memoryOvercommitPercentage);
  const request = milliOf(resources?.requests?.['cpu']);
  const isByRatio = cpu?.dedicatedCpuPlacement !== true && (request === undefined || request === cpuRequestMilli(run, given));
  const limits = newLimits(run, given, resources?.requests ?? {});
  return {
    density: {
      ...(lent !== undefined && lent === bytesOf(resources?.requests?.['memory']) ? { memoryOvercommitPercentage } : {}),
      ...(isByRatio ? { cpuAllocationRatio: given.cpuAllocationRatio ?? defaultDensity.cpuAllocationRatio } : {}),
    },
    givenLimits: Object.entries(limits).flatMap(([name, value]) => (resources?.limits?.[name] === value ? [`limits.${name}`] : [])),
  };
}

/** KubeVirt's: a vCPU that asks for nothing is promised a part of a processor. */
export function cpuRequestMilli(run: Pick<Draft, 'spec'>, { cpuAllocationRatio }: Pick<GivenAmounts, 'cpuAllocationRatio'>): number {
  return Math.ceil((topologyOf(run).vcpus * 1000) / (cpuAllocationRatio ?? defaultDensity.cpuAllocationRatio));
}

/**
 * The project's request is for memory that is named nowhere: otherwise it follows from the guest, as KubeVirt's launcher always names one.
 * Lent is only what can be taken back: not huge pages, nor what is locked for a device, nor what whole cores are guaranteed with.
 */
function memoryRequest(domain: Domain, given: GivenAmounts): List {
  const { memory, resources, cpu } = domain;
  const isNamed = memory?.guest !== undefined || memory?.hugepages !== undefined || resources?.limits?.memory !== undefined;
  if (!isNamed) return given.requests?.['memory'] === undefined ? {} : { memory: given.requests['memory'] };
  const percentage = given.memoryOvercommitPercentage;
  const guest = bytesOf(memory?.guest) ?? 0;
  if (percentage === undefined || guest <= 0 || resources?.limits?.memory !== undefined) return {};
  if (asksForDevices({ domain }) || memory?.hugepages !== undefined || cpu?.dedicatedCpuPlacement === true) return {};
  return { memory: formatBytes(lentBytes(memory?.guest, percentage)) };
}

function lentBytes(guest: string | number | undefined, percentage: number): number {
  return Math.floor(((bytesOf(guest) ?? 0) * 100) / percentage);
}

function newLimits(run: Pick<Draft, 'spec'>, given: GivenAmounts, requests: List): List {
  const { cpu, memory } = run.spec.domain;
  const request = bytesOf(requests['memory'] ?? memory?.guest);
  const ratio = given.autoMemoryLimitsRatio;
  const isDedicated = cpu?.dedicatedCpuPlacement === true;
  const { vcpus } = topologyOf(run);
  return {
    ...(ratio === undefined || request === undefined ? {} : { memory: formatBytes(request * ratio) }),
    ...(given.autoCpuLimit === true && !isDedicated ? { cpu: String(vcpus) } : {}),
    // The range wins, as it did its work first.
    ...(given.limits?.['memory'] === undefined ? {} : { memory: given.limits['memory'] }),
    ...(given.limits?.['cpu'] === undefined || isDedicated ? {} : { cpu: given.limits['cpu'] }),
  };
}
