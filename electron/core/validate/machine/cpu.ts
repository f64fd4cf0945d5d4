// Owns the rules of processors: requests, limits, topology, features, isolation, NUMA, real time.
// Must not know which processors this computer has.
import { nanoOf, shown } from '../amounts.ts';
import { invalid, notSupported, required } from '../rule.ts';
import type { SpecRule } from './spec-rule.ts';

const notNegative: SpecRule = (spec, path) =>
  (['requests', 'limits'] as const).flatMap((which) => {
    const field = `${path}.domain.resources.${which}.cpu`;
    const amount = spec.domain.resources?.[which]?.['cpu'];
    if (nanoOf(amount) >= 0n) return [];
    return [invalid(field, `${field} '${shown(amount)}': must be greater than or equal to 0.`, 'Ask for a positive number of processors.')];
  });

const requestWithinLimit: SpecRule = (spec, path) => {
  const { requests, limits } = spec.domain.resources ?? {};
  const [request, limit] = [requests?.['cpu'], limits?.['cpu']];
  if (nanoOf(limit) <= 0n || nanoOf(request) <= nanoOf(limit)) return [];
  const resources = `${path}.domain.resources`;
  return [
    invalid(
      `${resources}.requests.cpu`,
      `${resources}.requests.cpu '${shown(request)}' is greater than ${resources}.limits.cpu '${shown(limit)}'`,
      'Lower the request or raise the limit.',
    ),
  ];
};

const socketsWithinMaximum: SpecRule = (spec, path) => {
  const { sockets = 0, maxSockets = 0 } = spec.domain.cpu ?? {};
  if (maxSockets === 0 || sockets <= maxSockets) return [];
  const message = 'Number of sockets in CPU topology is greater than the maximum sockets allowed';
  return [invalid(`${path}.domain.cpu.sockets`, message, `Use at most ${maxSockets} sockets, or raise maxSockets.`)];
};

const policies: readonly string[] = ['', 'force', 'require', 'optional', 'disable', 'forbid'];

const featurePolicies: SpecRule = (spec, path) =>
  (spec.domain.cpu?.features ?? []).flatMap(({ name, policy = '' }, index) => {
    if (policies.includes(policy)) return [];
    const message = `CPU feature ${name} uses policy ${policy} that is not supported.`;
    return [notSupported(`${path}.domain.cpu.features[${index}].policy`, message, 'Use force, require, optional, disable or forbid.')];
  });

const isolatedThreadNeedsDedication: SpecRule = (spec, path) => {
  const { isolateEmulatorThread, dedicatedCpuPlacement } = spec.domain.cpu ?? {};
  if (isolateEmulatorThread !== true || dedicatedCpuPlacement === true) return [];
  const message = 'IsolateEmulatorThread should be only set in combination with DedicatedCPUPlacement';
  return [invalid(`${path}.domain.cpu.isolateEmulatorThread`, message, 'Set dedicatedCpuPlacement to true.')];
};

const numa: SpecRule = (spec, path) => {
  const { cpu, memory } = spec.domain;
  if (cpu?.numa?.guestMappingPassthrough === undefined) return [];
  const field = `${path}.domain.cpu.numa.guestMappingPassthrough`;
  const dedicated = `${path}.domain.cpu.dedicatedCpuPlacement`;
  return [
    ...(cpu.dedicatedCpuPlacement === true
      ? []
      : [
          invalid(
            field,
            `${dedicated} must be set to true when NUMA topology strategy is set in ${field}`,
            'Set dedicatedCpuPlacement to true.',
          ),
        ]),
    ...(memory?.hugepages === undefined
      ? [
          invalid(
            field,
            `${path}.domain.memory.hugepages must be requested when NUMA topology strategy is set in ${field}`,
            'Ask for huge pages.',
          ),
        ]
      : []),
  ];
};

const realtime: SpecRule = (spec, path) => {
  const { cpu } = spec.domain;
  if (cpu?.realtime === undefined) return [];
  const field = `${path}.domain.cpu`;
  return [
    ...(cpu.dedicatedCpuPlacement === true
      ? []
      : [
          required(
            `${field}.dedicatedCpuPlacement`,
            `${field}.dedicatedCpuPlacement must be set to true when ${field}.realtime is used`,
            'Set dedicatedCpuPlacement to true.',
          ),
        ]),
    ...(cpu.numa?.guestMappingPassthrough === undefined
      ? [
          required(
            `${field}.numa.guestMappingPassthrough`,
            `${field}.numa.guestMappingPassthrough must be defined when ${field}.realtime is used`,
            'Add numa.guestMappingPassthrough.',
          ),
        ]
      : []),
  ];
};

export const cpuRules: readonly SpecRule[] = [
  notNegative,
  requestWithinLimit,
  socketsWithinMaximum,
  featurePolicies,
  isolatedThreadNeedsDedication,
  numa,
  realtime,
];
