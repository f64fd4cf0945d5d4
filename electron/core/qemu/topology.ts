// Owns how many vCPUs a machine has and how they are arranged.
// Must not check them against the host; the processor family does.
import { milliOf } from '../../api/quantity.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';

export interface Topology {
  readonly sockets: number;
  readonly cores: number;
  readonly threads: number;
  readonly vcpus: number;
  /** Where the number came from. */
  readonly field: string;
}

/** KubeVirt's rule (converter/vcpu): `cpu` counts when any of its three is given, else requests.cpu, else limits.cpu, else one. */
export function topologyOf({ spec: { domain } }: VirtualMachineInstance): Topology {
  const { cores = 0, sockets = 0, threads = 0 } = domain.cpu ?? {};
  if (cores + sockets + threads > 0) return topology([sockets, cores, threads], 'spec.domain.cpu');
  const { requests = {}, limits = {} } = domain.resources ?? {};
  const requested = milliOf(requests.cpu);
  if (requested !== undefined) return topology([wholeCpus(requested), 1, 1], 'spec.domain.resources.requests.cpu');
  return topology([wholeCpus(milliOf(limits.cpu) ?? 0), 1, 1], 'spec.domain.resources.limits.cpu');
}

function topology([sockets, cores, threads]: readonly [number, number, number], field: string): Topology {
  const atLeastOne = { sockets: Math.max(1, sockets), cores: Math.max(1, cores), threads: Math.max(1, threads) };
  return { ...atLeastOne, vcpus: atLeastOne.sockets * atLeastOne.cores * atLeastOne.threads, field };
}

function wholeCpus(milli: number): number {
  return Math.ceil(milli / 1000);
}
