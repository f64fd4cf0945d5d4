// Owns how a running machine grows: sockets up to maxSockets, memory up to maxGuest, and KubeVirt's words for what takes a restart.
// Must not ask whether there is room for it, nor plug anything.
import type { VirtualMachineInstance, VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';
import { phaseOf } from '../../api/lifecycle.ts';
import { mebibytesOf } from '../../api/quantity.ts';
import { givenTo } from '../quota/given-amounts.ts';

type Spec = VirtualMachineInstanceSpec;
type Domain = Spec['domain'];

export interface Growth {
  /** The run's, with what it may have while it runs; the very same object when there is nothing of that kind. */
  readonly spec: Spec;
  /** Why the rest takes a restart. */
  readonly restart?: string;
}

export type GrowthPart = 'cpu' | 'memory';

type Step = { readonly restart: string } | { readonly part: GrowthPart; readonly domain: Partial<Domain> } | undefined;

/** A run as it goes on, with what it was made with. */
type Run = Pick<VirtualMachineInstance, 'spec' | 'status'> & { readonly metadata?: Partial<VirtualMachineInstance['metadata']> };

/** `wanted`: what the definition would make of the run now, with every default. */
export function growthOf(run: Run, wanted: Spec): Growth {
  if (phaseOf(run) !== 'Running') return { spec: run.spec };
  const steps = [socketStep(run.spec.domain, wanted.domain), memoryStep(run, wanted.domain)];
  const live = steps.flatMap((step) => (step !== undefined && 'domain' in step ? [step] : []));
  const [restart] = steps.flatMap((step) => (step !== undefined && 'restart' in step ? [step.restart] : []));
  return {
    spec: live.length === 0 ? run.spec : { ...run.spec, domain: grownDomain(run, wanted.domain, live) },
    ...(restart === undefined ? {} : { restart }),
  };
}

type LiveStep = Exclude<Step, undefined | { readonly restart: string }>;

/** A request that was not its author's follows from the size, and grows with it. */
function grownDomain(run: Run, wanted: Domain, live: readonly LiveStep[]): Domain {
  const domain = Object.assign({}, run.spec.domain, ...live.map((step) => step.domain)) as Domain;
  const { resources } = domain;
  const grown = live.flatMap(({ part }) => {
    const [has, asks] = [resources?.requests?.[part], wanted.resources?.requests?.[part]];
    return has === undefined || asks === undefined || has === asks ? [] : [[part, asks] as const];
  });
  if (grown.length === 0 || Object.keys(givenTo(run)).length === 0) return domain;
  return { ...domain, resources: { ...resources, requests: { ...resources?.requests, ...Object.fromEntries(grown) } } };
}

/** Which parts of `after` are more than in `before`: those that need room. */
export function grownParts({ domain: before }: Spec, { domain: after }: Spec): readonly GrowthPart[] {
  return [
    ...((after.cpu?.sockets ?? 1) > (before.cpu?.sockets ?? 1) ? ['cpu' as const] : []),
    ...(mib(after) > mib(before) ? ['memory' as const] : []),
  ];
}

function socketStep({ cpu: has }: Domain, { cpu: asks, devices }: Domain): Step {
  const [sockets, wanted] = [has?.sockets ?? 1, asks?.sockets ?? 1];
  if (sockets === wanted) return undefined;
  if (wanted > (has?.maxSockets ?? sockets)) {
    return { restart: "CPU sockets updated in template spec to a value higher than what's available" };
  }
  if (wanted < sockets) return { restart: 'Reduction of CPU socket count requires a restart' };
  if (devices.networkInterfaceMultiqueue === true) {
    return { restart: 'Changes to CPU sockets require a restart when NetworkInterfaceMultiQueue is enabled' };
  }
  // Cores are handed out at the start.
  if (has?.dedicatedCpuPlacement === true) {
    return { restart: 'Changes to CPU sockets require a restart when dedicatedCpuPlacement is enabled' };
  }
  return { part: 'cpu', domain: { cpu: { ...has, sockets: wanted } } };
}

function memoryStep({ spec, status }: Run, asks: Domain): Step {
  const { domain } = spec;
  const [has, wanted] = [mib(domain), mib(asks)];
  if (has === wanted || asks.memory?.guest === undefined) return undefined;
  if (wanted < (mebibytesOf(status?.memory?.guestAtBoot) ?? has)) {
    return { restart: 'memory updated in template spec to a value lower than what the VM started with' };
  }
  if (wanted > (hotplugMemoryMiB(domain) === 0 ? has : (mebibytesOf(domain.memory?.maxGuest) ?? has))) {
    return { restart: "memory updated in template spec to a value higher than what's available" };
  }
  return { part: 'memory', domain: { memory: { ...domain.memory, guest: asks.memory.guest } } };
}

/** Room for memory that comes later, as the machine is started with it. Reserved huge pages are all taken at the start. */
export function hotplugMemoryMiB({ memory }: Domain): number {
  if (memory?.maxGuest === undefined || memory.hugepages !== undefined) return 0;
  return Math.max(0, (mebibytesOf(memory.maxGuest) ?? 0) - (mebibytesOf(memory.guest) ?? 0));
}

function mib({ memory }: Domain): number {
  return mebibytesOf(memory?.guest) ?? 0;
}
