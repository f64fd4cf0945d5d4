// Owns how many vCPUs a machine has and how they are arranged.
// Must not check them against the host; the processor family does.
import { milliOf } from '../../api/quantity.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';

export interface Topology {
  readonly sockets: number;
  readonly cores: number;
  readonly threads: number;
  readonly vcpus: number;
  /** What it may grow to while it runs. */
  readonly maxSockets: number;
  /** Where the number came from. */
  readonly field: string;
}

/** KubeVirt's rule (converter/vcpu): `cpu` counts when any of its three is given, else requests.cpu, else limits.cpu, else one. */
export function topologyOf({ spec: { domain } }: Pick<VirtualMachineInstance, 'spec'>): Topology {
  const { cores = 0, sockets = 0, threads = 0 } = domain.cpu ?? {};
  // Cores of its own are handed out at the start: no room for more.
  const maxSockets = domain.cpu?.dedicatedCpuPlacement === true ? 0 : domain.cpu?.maxSockets;
  if (cores + sockets + threads > 0) return topology([sockets, cores, threads], 'spec.domain.cpu', maxSockets);
  const { requests = {}, limits = {} } = domain.resources ?? {};
  const requested = milliOf(requests.cpu);
  if (requested !== undefined) return topology([wholeCpus(requested), 1, 1], 'spec.domain.resources.requests.cpu');
  return topology([wholeCpus(milliOf(limits.cpu) ?? 0), 1, 1], 'spec.domain.resources.limits.cpu');
}

function topology([sockets, cores, threads]: readonly [number, number, number], field: string, maxSockets = 0): Topology {
  const atLeastOne = { sockets: Math.max(1, sockets), cores: Math.max(1, cores), threads: Math.max(1, threads) };
  const vcpus = atLeastOne.sockets * atLeastOne.cores * atLeastOne.threads;
  return { ...atLeastOne, vcpus, maxSockets: Math.max(atLeastOne.sockets, maxSockets), field };
}

function wholeCpus(milli: number): number {
  return Math.ceil(milli / 1000);
}
