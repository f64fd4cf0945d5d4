// Owns which machines a filter leaves, and in which order.
// Must not touch the page: 1,000 machines are filtered in well under a millisecond.
import type { StatusGroup } from './machine-status.ts';
import type { MachineView } from './machine-view.ts';

export interface MachineFilter {
  readonly query: string;
  /** Empty: every status. */
  readonly groups: readonly StatusGroup[];
  /** `key=value`; all must be there. */
  readonly labels: readonly string[];
}

export const noFilter: MachineFilter = { query: '', groups: [], labels: [] };

export type SortColumn = 'name' | 'status' | 'uptime';
export interface Sort {
  readonly column: SortColumn;
  readonly descending: boolean;
}

/** Every word of the query must occur somewhere: name, description, label, address, node, reason. */
export function filterMachines(machines: readonly MachineView[], filter: MachineFilter): readonly MachineView[] {
  const words = filter.query.toLowerCase().split(/\s+/).filter(Boolean);
  const { groups, labels } = filter;
  if (words.length + groups.length + labels.length === 0) return machines;
  return machines.filter(
    (machine) =>
      (groups.length === 0 || groups.includes(machine.status.group)) &&
      labels.every((label) => machine.labels.includes(label)) &&
      words.every((word) => machine.text.includes(word)),
  );
}

const statusOrder: Readonly<Record<StatusGroup, number>> = { problem: 0, changing: 1, running: 2, paused: 3, stopped: 4 };

/** `machines` come sorted by name, and equal rows keep that order. */
export function sortMachines(machines: readonly MachineView[], { column, descending }: Sort): readonly MachineView[] {
  if (column === 'name') return descending ? machines.toReversed() : machines;
  const sorted = machines.toSorted((a, b) => valueOf(a, column) - valueOf(b, column));
  return descending ? sorted.toReversed() : sorted;
}

function valueOf(machine: MachineView, column: Exclude<SortColumn, 'name'>): number {
  if (column === 'status') return statusOrder[machine.status.group];
  // The longest runner first; what does not run comes last.
  return machine.startedAt === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(machine.startedAt);
}

export function hasFilter({ query, groups, labels }: MachineFilter): boolean {
  return query !== '' || groups.length > 0 || labels.length > 0;
}

/** All labels there are, sorted, for the filter's menu. */
export function labelsOf(machines: readonly MachineView[]): readonly string[] {
  return [...new Set(machines.flatMap(({ labels }) => labels))].toSorted();
}

export function countByGroup(machines: readonly MachineView[]): ReadonlyMap<StatusGroup, number> {
  const counts = new Map<StatusGroup, number>();
  for (const { status } of machines) counts.set(status.group, (counts.get(status.group) ?? 0) + 1);
  return counts;
}
