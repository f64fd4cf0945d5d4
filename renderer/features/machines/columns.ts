// Owns which columns are worth their width now.
// Must not hide name, status or the menu.
import type { MachineView } from './machine-view.ts';

export interface Columns {
  /** More than one project. */
  readonly project: boolean;
  /** More than one node. */
  readonly node: boolean;
  readonly labels: boolean;
  readonly uptime: boolean;
}

export interface Space {
  readonly nodes: number;
  /** CSS pixels of the table. */
  readonly width: number;
}

/** CSS pixels. */
const projectWidth = 120;

/** Node and project need something to tell apart. Where room is short the name keeps its own, then the project, the uptime, the node, the labels. */
export function columnsFor(machines: readonly MachineView[], { nodes, width }: Space): Columns {
  const first = machines[0]?.namespace;
  const project = machines.some(({ namespace }) => namespace !== first);
  const besides = project ? projectWidth : 0;
  return {
    project,
    uptime: width >= 780 + besides,
    node: nodes > 1 && width >= 1060 + besides,
    labels: width >= 1150 && machines.some(({ labels }) => labels.length > 0),
  };
}
