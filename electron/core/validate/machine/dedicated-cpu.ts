// Owns what a machine must promise to get processors of its own.
// Must not look for free processors; placement does.
import type { VirtualMachineInstanceSpec } from '../../../api/kinds/virtual-machine-instance.ts';
import { isWhole, nanoOf, unitsOf } from '../amounts.ts';
import { type Rule, invalid } from '../rule.ts';
import type { SpecRule } from './spec-rule.ts';

interface Dedication {
  readonly spec: VirtualMachineInstanceSpec;
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
  /** Of the topology; 0 when none is given. */
  readonly vcpus: bigint;
}

const memoryGiven: Rule<Dedication> = ({ spec, requests, limits }, path) => {
  if (nanoOf(spec.domain.memory?.guest) !== 0n) return [];
  if (nanoOf(requests['memory']) !== 0n || nanoOf(limits['memory']) !== 0n) return [];
  const resources = `${path}.domain.resources`;
  const message = `${resources}.requests.memory or ${resources}.limits.memory should be provided`;
  return [invalid(`${resources}.limits.memory`, message, 'Set requests.memory and limits.memory to the same amount.')];
};

const wholeCpus: Rule<Dedication> = (promise, path) =>
  (['requests', 'limits'] as const)
    .filter((which) => !isWhole(promise[which]['cpu']))
    .map((which) =>
      invalid(
        `${path}.domain.resources.${which}.cpu`,
        `provided resources CPU ${which} must be an integer`,
        'A processor is handed out whole: use 1, 2, 3 …',
      ),
    );

const memoryEqual: Rule<Dedication> = ({ requests, limits }, path) => {
  const [request, limit] = [nanoOf(requests['memory']), nanoOf(limits['memory'])];
  if (request <= 0n || limit <= 0n || request === limit) return [];
  const resources = `${path}.domain.resources`;
  const message = `${resources}.requests.memory must be equal to ${resources}.limits.memory`;
  return [invalid(`${resources}.requests.memory`, message, 'Set both to the same amount.')];
};

const cpusGiven: Rule<Dedication> = ({ requests, limits, vcpus }, path) => {
  if (nanoOf(requests['cpu']) !== 0n || nanoOf(limits['cpu']) !== 0n || vcpus !== 0n) return [];
  const resources = `${path}.domain.resources`;
  const message = `either ${resources}.requests.cpu or ${resources}.limits.cpu or ${path}.domain.cpu.cores must be provided when DedicatedCPUPlacement is true`;
  return [invalid(`${path}.domain.cpu.dedicatedCpuPlacement`, message, 'Set cpu.cores.')];
};

const cpusEqual: Rule<Dedication> = ({ requests, limits }, path) => {
  const [request, limit] = [unitsOf(requests['cpu']), unitsOf(limits['cpu'])];
  if (request <= 0n || limit <= 0n || request === limit) return [];
  const resources = `${path}.domain.resources`;
  const message = `${resources}.requests.cpu or ${resources}.limits.cpu must be equal when DedicatedCPUPlacement is true`;
  return [invalid(`${path}.domain.cpu.dedicatedCpuPlacement`, message, 'Set both to the same number.')];
};

const cpusAgreeWithTopology: Rule<Dedication> = ({ requests, limits, vcpus }, path) => {
  const [request, limit] = [unitsOf(requests['cpu']), unitsOf(limits['cpu'])];
  if ((request <= 0n && limit <= 0n) || vcpus === 0n || request === vcpus || limit === vcpus) return [];
  const resources = `${path}.domain.resources`;
  const message = `${resources}.requests.cpu or ${resources}.limits.cpu must not be provided at the same time with ${path}.domain.cpu.cores when DedicatedCPUPlacement is true`;
  return [invalid(`${path}.domain.cpu.dedicatedCpuPlacement`, message, `Leave out the requests, or ask for ${vcpus} processors.`)];
};

const threads: Rule<Dedication> = ({ spec }, path) => {
  const count = spec.domain.cpu?.threads ?? 0;
  const field = `${path}.domain.cpu.threads`;
  const message = `Not more than two threads must be provided at ${field} (got ${count}) when DedicatedCPUPlacement is true`;
  return count > 2 ? [invalid(`${path}.domain.cpu.dedicatedCpuPlacement`, message, 'Use more cores with at most 2 threads each.')] : [];
};

const threadsOnArm: Rule<Dedication> = ({ spec }, path) => {
  const count = spec.domain.cpu?.threads ?? 0;
  if (count <= 1 || spec.architecture !== 'arm64') return [];
  const message = `threads must not be greater than 1 at ${path}.domain.cpu.threads (got ${count}) when ${path}.architecture is arm64`;
  return [invalid(`${path}.architecture`, message, 'Use more cores with 1 thread each.')];
};

const rules: readonly Rule<Dedication>[] = [
  memoryGiven,
  wholeCpus,
  memoryEqual,
  cpusGiven,
  cpusEqual,
  cpusAgreeWithTopology,
  threadsOnArm,
  threads,
];

export const dedicatedCpu: SpecRule = (spec, path) => {
  const { cpu, resources } = spec.domain;
  if (cpu?.dedicatedCpuPlacement !== true) return [];
  const vcpus = topologyCpus(cpu);
  const promise: Dedication = { spec, requests: resources?.requests ?? {}, limits: resources?.limits ?? {}, vcpus };
  return rules.flatMap((rule) => rule(promise, path));
};

function topologyCpus({ cores = 0, sockets = 0, threads: perCore = 0 }: { cores?: number; sockets?: number; threads?: number }): bigint {
  if (cores === 0 && sockets === 0 && perCore === 0) return 0n;
  return BigInt(Math.max(cores, 1)) * BigInt(Math.max(sockets, 1)) * BigInt(Math.max(perCore, 1));
}
