// Owns where a machine goes: every filter for every node, then the scores of the nodes that are left.
// Must not promise anything; the engine writes down what was decided.
import { podAffinity } from './filters/pod-affinity.ts';
import { nodeAffinity } from './filters/node-affinity.ts';
import { resourcesFit } from './filters/resources-fit.ts';
import { taintToleration } from './filters/taints.ts';
import { topologySpread } from './filters/topology-spread.ts';
import { nodeUnschedulable } from './filters/unschedulable.ts';
import { withPromised } from './promised.ts';
import { evenSpread, fewTaints, preferredCompany, preferredNodes } from './scores/preferences.ts';
import { balancedAllocation, leastAllocated } from './scores/resources.ts';
import type { Candidate, Filter, PlacementNode, PlacementWorld, Refusal, Score, SummedWorld } from './world.ts';

/** Adding one is a file and a line. */
export const filters: readonly Filter[] = [nodeUnschedulable, taintToleration, nodeAffinity, resourcesFit, topologySpread, podAffinity];
export const scores: readonly Score[] = [fewTaints, preferredNodes, preferredCompany, evenSpread, leastAllocated, balancedAllocation];

export interface NodeVerdict {
  readonly node: string;
  /** Every reason, not the first; empty when the node would do. */
  readonly refusals: readonly Refusal[];
  /** Sum of the weighed scores, each 0–100; present when the node would do. */
  readonly score?: number;
}

export interface PlacementDecision {
  /** Undefined when no node would do. */
  readonly node?: string;
  readonly verdicts: readonly NodeVerdict[];
  /** kube-scheduler's sentence; present when no node would do. */
  readonly message?: string;
}

/** The node that would do and scores best; of equals the first by name, so that the same facts give the same place. */
export function place(candidate: Candidate, world: PlacementWorld): PlacementDecision {
  const summed = withPromised(world);
  const judges = filters.map(({ prepare }) => prepare(candidate, summed));
  const judged = world.nodes.map((node) => ({ node, refusals: judges.flatMap((judge) => judge(node)) }));
  const fitting = judged.flatMap(({ node, refusals }) => (refusals.length === 0 ? [node] : []));
  const scored = scoresOf(fitting, candidate, summed);
  const verdicts = judged.map(({ node, refusals }): NodeVerdict => {
    const score = scored.get(node.name);
    return { node: node.name, refusals, ...(score === undefined ? {} : { score }) };
  });
  if (fitting.length === 0) return { verdicts, message: unavailable(verdicts) };
  return { node: best(scored), verdicts };
}

function best(scored: ReadonlyMap<string, number>): string {
  const [first = ['', 0]] = [...scored].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return first[0];
}

function scoresOf(nodes: readonly PlacementNode[], candidate: Candidate, world: SummedWorld): ReadonlyMap<string, number> {
  const sums = new Map(nodes.map(({ name }) => [name, 0]));
  if (nodes.length < 2) return sums;
  for (const { prepare, weight, scale } of scores) {
    const score = prepare(candidate, world);
    const raw = nodes.map((node) => score(node));
    const scaled = scale === 'share' ? raw : inRange(raw);
    nodes.forEach(({ name }, index) => sums.set(name, (sums.get(name) ?? 0) + weight * (scaled[index] ?? 0)));
  }
  return sums;
}

function inRange(raw: readonly number[]): readonly number[] {
  const [least, most] = [Math.min(...raw), Math.max(...raw)];
  return raw.map((value) => (most === least ? 0 : ((value - least) / (most - least)) * 100));
}

/** `0/2 nodes are available: 1 Insufficient memory, 1 node(s) were unschedulable.` Each node is counted once for each thing it lacks. */
function unavailable(verdicts: readonly NodeVerdict[]): string {
  const counts = new Map<string, number>();
  for (const { refusals } of verdicts) {
    for (const phrase of new Set(refusals.map((refusal) => refusal.phrase))) counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
  }
  const reasons = [...counts].map(([phrase, count]) => `${count} ${phrase}`).toSorted();
  return `0/${verdicts.length} nodes are available${reasons.length === 0 ? '' : `: ${reasons.join(', ')}`}.`;
}
