// Owns the rules of what is not the guest's hardware: names, strategies, grace, probes.
// Must not hold placement; affinity.ts does.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstanceSpec } from '../../../api/kinds/virtual-machine-instance.ts';
import { labelNameErrors, subdomainErrors } from '../names.ts';
import { invalid, required } from '../rule.ts';
import type { SpecRule } from './spec-rule.ts';

const hostname: SpecRule = (spec, path) => {
  const name = spec.hostname ?? '';
  const errors = name === '' ? [] : labelNameErrors(name);
  if (errors.length === 0) return [];
  const field = `${path}.hostname`;
  return [
    invalid(
      field,
      `${field} does not conform to the kubernetes DNS_LABEL rules : ${errors.join(', ')}`,
      "Use lower case letters, digits and '-'.",
    ),
  ];
};

const subdomain: SpecRule = (spec, path) => {
  const name = spec.subdomain ?? '';
  const errors = name === '' ? [] : subdomainErrors(name);
  if (errors.length === 0) return [];
  const field = `${path}.subdomain`;
  return [
    invalid(
      field,
      `${field} does not conform to the kubernetes DNS_SUBDOMAIN rules : ${errors.join(', ')}`,
      "Use lower case letters, digits, '-' and '.'.",
    ),
  ];
};

/** Newer than the published types. */
const serviceAccount: SpecRule = (spec, path) => {
  const { serviceAccountName: name = '' }: VirtualMachineInstanceSpec & { readonly serviceAccountName?: string } = spec;
  const field = `${path}.serviceAccountName`;
  const other = spec.volumes?.find((volume) => volume.serviceAccount !== undefined)?.serviceAccount?.serviceAccountName;
  if (name === '') return [];
  return [
    ...subdomainErrors(name).map((error) => invalid(field, `${field} is not a valid service account name: ${error}`, 'Correct the name.')),
    ...(other === undefined || other === name
      ? []
      : [
          invalid(
            field,
            `${field} "${name}" and serviceAccount volume "${other}" must reference the same service account`,
            'Name one account.',
          ),
        ]),
  ];
};

const evictionStrategies: readonly string[] = ['LiveMigrate', 'LiveMigrateIfPossible', 'None', 'External'];

const evictionStrategy: SpecRule = (spec, path) => {
  const strategy = spec.evictionStrategy;
  if (strategy === undefined || evictionStrategies.includes(strategy)) return [];
  const field = `${path}.evictionStrategy`;
  return [invalid(field, `${field} is set with an unrecognized option: ${strategy}`, `Use one of ${evictionStrategies.join(', ')}.`)];
};

const startStrategy: SpecRule = (spec, path) => {
  const strategy = spec.startStrategy;
  if (strategy === undefined) return [];
  const field = `${path}.startStrategy`;
  if (strategy !== 'Paused')
    return [invalid(field, `${field} is set with an unrecognized option: ${strategy}`, 'Use Paused, or leave it out.')];
  if (spec.livenessProbe === undefined) return [];
  const message = `either ${field} or ${path}.livenessProbe should be provided. Pausing VMI with LivenessProbe is not supported`;
  return [invalid(field, message, 'Leave out one of them.')];
};

const gracePeriod: SpecRule = (spec, path) => {
  const seconds = spec.terminationGracePeriodSeconds ?? 0;
  const field = `${path}.terminationGracePeriodSeconds`;
  return seconds < 0
    ? [invalid(field, `${field} '${seconds}': must be greater than or equal to 0.`, 'Use 0 to cut the power at once.')]
    : [];
};

const probes: SpecRule = (spec, path) => [...probeCauses(spec, 'readinessProbe', path), ...probeCauses(spec, 'livenessProbe', path)];

function probeCauses(spec: VirtualMachineInstanceSpec, which: 'readinessProbe' | 'livenessProbe', path: string): Cause[] {
  const probe = spec[which];
  if (probe === undefined) return [];
  const field = `${path}.${which}`;
  const handlers = [probe.httpGet, probe.tcpSocket, probe.exec, probe.guestAgentPing].filter((handler) => handler !== undefined);
  const { networks = [], domain } = spec;
  // A machine that names no network gets the pod network by default.
  const onPodNetwork =
    networks.length === 0 ? domain.devices.autoattachPodInterface !== false : networks.some(({ pod }) => pod !== undefined);
  const asked = (['httpGet', 'tcpSocket'] as const).filter((handler) => probe[handler] !== undefined && !onPodNetwork);
  return [
    ...(handlers.length > 1 ? [invalid(field, `${field} must have exactly one probe type set`, 'Keep one of them.')] : []),
    ...(handlers.length < 1
      ? [
          required(
            field,
            `either ${field}.tcpSocket, ${field}.exec or ${field}.httpGet must be set if a ${field} is specified`,
            'Say what is probed.',
          ),
        ]
      : []),
    ...asked.map((handler) =>
      invalid(`${field}.${handler}`, `${field}.${handler} is only allowed if the Pod Network is attached`, 'Add a network with pod: {}.'),
    ),
  ];
}

export const hostOptionRules: readonly SpecRule[] = [
  hostname,
  subdomain,
  serviceAccount,
  evictionStrategy,
  startStrategy,
  gracePeriod,
  probes,
];
