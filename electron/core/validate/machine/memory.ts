// Owns the rules of memory: requests, limits, guest, huge pages, hot-plug.
// Must not know how much memory this computer has; that is a fact of the start.
import { parseQuantity, quantityErrors } from '../../../api/quantity.ts';
import { nanoOf, shown } from '../amounts.ts';
import { invalid } from '../rule.ts';
import type { SpecRule } from './spec-rule.ts';

const nanoPerMega = 1_000_000n * 1_000_000_000n;
const nanoPerMebi = 1024n * 1024n * 1_000_000_000n;
const nanoPerGibi = 1024n * nanoPerMebi;

const requestInRange: SpecRule = (spec, path) => {
  const field = `${path}.domain.resources.requests.memory`;
  const request = spec.domain.resources?.requests?.['memory'];
  const nano = nanoOf(request);
  if (nano < 0n) return [invalid(field, `${field} '${shown(request)}': must be greater than or equal to 0.`, 'Ask for a positive amount.')];
  if (nano === 0n || nano >= nanoPerMega) return [];
  return [
    invalid(
      field,
      `${field} '${shown(request)}': must be greater than or equal to 1M.`,
      'Memory is written with a unit, such as 512Mi or 2Gi.',
    ),
  ];
};

const limitNotNegative: SpecRule = (spec, path) => {
  const field = `${path}.domain.resources.limits.memory`;
  const limit = spec.domain.resources?.limits?.['memory'];
  if (nanoOf(limit) >= 0n) return [];
  return [invalid(field, `${field} '${shown(limit)}': must be greater than or equal to 0.`, 'Set a positive limit, or none.')];
};

const requestWithinLimit: SpecRule = (spec, path) => {
  const { requests, limits } = spec.domain.resources ?? {};
  const [request, limit] = [requests?.['memory'], limits?.['memory']];
  if (nanoOf(limit) <= 0n || nanoOf(request) <= nanoOf(limit)) return [];
  const resources = `${path}.domain.resources`;
  return [
    invalid(
      `${resources}.requests.memory`,
      `${resources}.requests.memory '${shown(request)}' is greater than ${resources}.limits.memory '${shown(limit)}'`,
      'Lower the request or raise the limit.',
    ),
  ];
};

/** Always refused: without hot-plug the guest would be ended by its own limit (KubeVirt does so unless its roll-out strategy is LiveUpdate). */
const guestWithinLimit: SpecRule = (spec, path) => {
  const guest = spec.domain.memory?.guest;
  const limit = spec.domain.resources?.limits?.['memory'];
  if (nanoOf(limit) <= 0n || nanoOf(guest) <= nanoOf(limit)) return [];
  const field = `${path}.domain.memory.guest`;
  return [
    invalid(
      field,
      `${field} '${shown(guest)}' must be equal to or less than the memory limit ${path}.domain.resources.limits.memory '${shown(limit)}'`,
      'Lower the guest memory or raise the limit.',
    ),
  ];
};

const guestPositive: SpecRule = (spec, path) => {
  const guest = spec.domain.memory?.guest;
  const field = `${path}.domain.memory.guest`;
  if (guest === undefined || nanoOf(guest) > 0n) return [];
  return [invalid(field, `${field} '${shown(guest)}': must be greater than 0.`, 'Give the guest memory, such as 2Gi.')];
};

const hugePages: SpecRule = (spec, path) => {
  const pageSize = spec.domain.memory?.hugepages?.pageSize;
  if (pageSize === undefined) return [];
  const field = `${path}.domain.memory.hugepages.pageSize`;
  const page = parseQuantity(pageSize);
  if (!page.ok || page.quantity.nano <= 0n) {
    return [invalid(field, `${field} '${pageSize}': ${quantityErrors.format}`, 'Use 2Mi or 1Gi.')];
  }
  const guest = spec.domain.memory?.guest;
  const [amount, where] =
    guest === undefined
      ? [spec.domain.resources?.requests?.['memory'], `${path}.domain.resources.requests.memory`]
      : [guest, `${path}.domain.memory.guest`];
  // A template whose memory is not said yet gets one page.
  if (amount === undefined) return [];
  const memory = nanoOf(amount);
  if (memory < page.quantity.nano) {
    const message = `${where} '${shown(amount)}' must be equal to or larger than page size ${field} '${pageSize}'`;
    return [invalid(where, message, 'Take a smaller page size or more memory.')];
  }
  if (memory % page.quantity.nano === 0n) return [];
  const message = `${where} '${shown(amount)}' is not a multiple of the page size ${field} '${pageSize}'`;
  return [invalid(where, message, `Use a multiple of ${pageSize}.`)];
};

const hotPlug: SpecRule = (spec, path) => {
  const { memory, cpu } = spec.domain;
  if (memory?.maxGuest === undefined) return [];
  const field = `${path}.domain.memory.guest`;
  const [guest, max] = [nanoOf(memory.guest), nanoOf(memory.maxGuest)];
  const alignment = memory.hugepages?.pageSize === '1Gi' ? '1Gi' : '2Mi';
  const align = alignment === '1Gi' ? nanoPerGibi : 2n * nanoPerMebi;
  const fix = 'Correct the amount, or leave out maxGuest.';
  return [
    ...(cpu?.realtime === undefined ? [] : ['Memory hotplug is not compatible with realtime VMs']),
    ...(spec.domain.launchSecurity === undefined ? [] : ['Memory hotplug is not compatible with encrypted VMs']),
    ...(cpu?.numa?.guestMappingPassthrough === undefined || cpu.dedicatedCpuPlacement !== true
      ? []
      : ['Memory hotplug is not compatible with guest mapping passthrough']),
    ...(memory.guest === undefined
      ? ['Guest memory must be configured when memory hotplug is enabled']
      : [
          ...(guest > max ? ['Guest memory is greater than the configured maxGuest memory'] : []),
          ...(max % align === 0n ? [] : [`MaxGuest must be ${alignment} aligned`]),
          ...(guest % align === 0n ? [] : [`Guest memory must be ${alignment} aligned`]),
          ...(guest < nanoPerGibi ? ['Memory hotplug is only available for VMs with at least 1Gi of guest memory'] : []),
        ]),
  ].map((message) => invalid(field, message, fix));
};

export const memoryRules: readonly SpecRule[] = [
  requestInRange,
  limitNotNegative,
  requestWithinLimit,
  guestPositive,
  guestWithinLimit,
  hugePages,
  hotPlug,
];
