// Owns the rules of portRanges, which KubeVirt 1.9 has and its published types do not yet.
// Must not open any port.
import type { Cause } from '../../../api/errors.ts';
import { invalid } from '../rule.ts';
import type { CardInPlace } from './interfaces.ts';
import { isPort } from './ports.ts';

interface PortRange {
  readonly protocol?: string;
  readonly start: number;
  readonly end: number;
}

export function portRanges({ card, field }: CardInPlace): Cause[] {
  const { portRanges: given }: { readonly name: string; readonly portRanges?: unknown } = card;
  if (given === undefined) return [];
  // The decoder takes any JSON here.
  if (!isListOfRanges(given)) {
    return [invalid(`${field}.portRanges`, `${field}.portRanges must be a list of start and end`, 'Write [{start: 8000, end: 8100}].')];
  }
  const ranges = given;
  if (ranges.length === 0) return [];
  return [
    ...(card.masquerade === undefined
      ? [invalid(`${field}.name`, 'portRanges are only supported on masquerade interfaces', 'Use masquerade, or leave out portRanges.')]
      : []),
    ...((card.ports ?? []).length > 0
      ? [invalid(`${field}.name`, 'Cannot define both ports and portRanges on interface', 'Keep one of them.')]
      : []),
    ...ranges.flatMap((range, index) => rangeCauses(range, `${field}.portRanges[${index}]`)),
    ...overlapCauses(ranges, `${field}.portRanges`),
  ];
}

function isListOfRanges(value: unknown): value is readonly PortRange[] {
  const isRange = (item: unknown): boolean =>
    typeof item === 'object' &&
    item !== null &&
    'start' in item &&
    typeof item.start === 'number' &&
    'end' in item &&
    typeof item.end === 'number' &&
    (!('protocol' in item) || typeof item.protocol === 'string');
  return Array.isArray(value) && value.every(isRange);
}

function rangeCauses({ protocol = '', start, end }: PortRange, path: string): Cause[] {
  const fix = 'Use 1 to 65535.';
  return [
    ...(['', 'TCP', 'UDP'].includes(protocol)
      ? []
      : [invalid(`${path}.protocol`, 'Unknown protocol, only TCP or UDP allowed', 'Use TCP or UDP.')]),
    ...(isPort(start) ? [] : [invalid(`${path}.start`, 'Start must be a valid port number, 0 < x < 65536', fix)]),
    ...(isPort(end) ? [] : [invalid(`${path}.end`, 'End must be a valid port number, 0 < x < 65536', fix)]),
    ...(isPort(start) && isPort(end) && start > end
      ? [invalid(`${path}.start`, 'Start must be less than or equal to end', 'Exchange the two.')]
      : []),
  ];
}

function overlapCauses(ranges: readonly PortRange[], path: string): Cause[] {
  return ranges.flatMap((range, index) =>
    ranges
      .slice(index + 1)
      .filter((other) => protocolOf(other) === protocolOf(range) && range.start <= other.end && other.start <= range.end)
      .map((other) => {
        const message = `${protocolOf(range)} portRanges [${range.start}-${range.end}] and [${other.start}-${other.end}] overlap`;
        return invalid(path, message, 'Join the two.');
      }),
  );
}

function protocolOf({ protocol = '' }: PortRange): string {
  return protocol === '' ? 'TCP' : protocol;
}
