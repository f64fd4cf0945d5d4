// Owns what the scheduler looks at: the nodes, what runs on them, and the machine that wants a place.
// Must not hold objects of the API: whoever asks turns them into this, once.
import type { Cause } from '../../api/errors.ts';
import type { FixAction } from '../../api/fix-actions.ts';
import type { Labels, Requirement } from '../../api/label-match.ts';
import type { Taint, Toleration } from '../../api/tolerations.ts';
import type { VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';
import type { Amounts } from './amounts.ts';

export type Affinity = NonNullable<VirtualMachineInstanceSpec['affinity']>;
export type PodTerm = NonNullable<NonNullable<Affinity['podAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']>[number];
export type SpreadConstraint = NonNullable<VirtualMachineInstanceSpec['topologySpreadConstraints']>[number];

/** A Node of the API: one placement domain of this computer. */
export interface PlacementNode {
  readonly name: string;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  /** Cordoned: nothing new comes here. */
  readonly unschedulable: boolean;
  readonly allocatable: Amounts;
  /** Where more huge pages would be reserved. */
  readonly pools?: readonly PagePool[];
}

export interface PagePool {
  readonly pageBytes: number;
  readonly numaNode: number;
  /** How much of the memory node is this node's: 0 to 1. */
  readonly share: number;
}

/** A machine that has its place. */
export interface PlacedMachine {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly node: string;
  readonly requests: Amounts;
  /** Its own terms speak against newcomers too. */
  readonly affinity?: Affinity;
}

export interface PlacementWorld {
  readonly nodes: readonly PlacementNode[];
  readonly machines: readonly PlacedMachine[];
  /** Labels of the namespaces, for terms that choose by them. */
  readonly namespaces: ReadonlyMap<string, Labels>;
}

/** What filters and scores look at. */
export interface SummedWorld extends PlacementWorld {
  /** Node name → everything that the machines on it were promised. */
  readonly promised: ReadonlyMap<string, Amounts>;
  /** Topology key → node name → value, for the nodes that have it; each key is looked up once in a placement. */
  readonly valuesOf: (key: string) => ReadonlyMap<string, string>;
}

/** One thing asked of a node's labels, with the field that asks it. */
export interface NodeAsk {
  readonly requirement: Requirement;
  readonly field: string;
}

export interface Candidate {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly requests: Amounts;
  /** As it is written, for what would change it; `asks` has it already. */
  readonly nodeSelector?: Labels;
  /** All must hold: node selector, processor model and features, whole cores. */
  readonly asks: readonly NodeAsk[];
  readonly affinity?: Affinity;
  readonly tolerations: readonly Toleration[];
  readonly spread: readonly SpreadConstraint[];
}

/** Why one node will not do. */
export interface Refusal {
  /** As kube-scheduler counts it: `Insufficient memory`. */
  readonly phrase: string;
  readonly cause: Cause;
  /** What can be pressed, worked out when somebody is told: most refusals of one node are followed by a place on another. */
  readonly actions?: () => readonly FixAction[];
}

/** What one filter has to say of every node, prepared once for a placement. */
export type NodeJudge = (node: PlacementNode) => readonly Refusal[];

export interface Filter {
  /** kube-scheduler's name of the plugin. */
  readonly name: string;
  readonly prepare: (candidate: Candidate, world: SummedWorld) => NodeJudge;
}

export interface Score {
  readonly name: string;
  /** How much it counts beside the others; kube-scheduler's defaults. */
  readonly weight: number;
  /** Any number for each node that is left; the larger the better. `place` brings them to 0–100. */
  readonly prepare: (candidate: Candidate, world: SummedWorld) => (node: PlacementNode) => number;
  /** `share`: the numbers are 0–100 already. `range`: the best node gets 100 and the worst 0, equal ones 0. */
  readonly scale: 'share' | 'range';
}
