// Owns what the machine would rather have: preferred node affinity, few PreferNoSchedule taints, preferred company, an even spread.
// Must not refuse a node.
import { termFits } from '../../../api/label-match.ts';
import { spreadOf } from '../filters/topology-spread.ts';
import { tolerates } from '../../../api/tolerations.ts';
import { countsByTopology, termMatches } from '../topology-terms.ts';
import type { Candidate, PodTerm, Score, SummedWorld } from '../world.ts';

export const preferredNodes: Score = {
  name: 'NodeAffinity',
  weight: 2,
  scale: 'range',
  prepare({ affinity }) {
    const preferred = affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    return (node) => preferred.reduce((sum, { weight, preference }) => sum + (termFits(preference, node) ? weight : 0), 0);
  },
};

export const fewTaints: Score = {
  name: 'TaintToleration',
  weight: 3,
  scale: 'range',
  prepare:
    ({ tolerations }) =>
    ({ taints }) =>
      -taints.filter((taint) => taint.effect === 'PreferNoSchedule' && !tolerations.some((given) => tolerates(given, taint))).length,
};

interface Wish {
  readonly term: PodTerm;
  /** Negative: rather apart. */
  readonly weight: number;
}

export const preferredCompany: Score = {
  name: 'InterPodAffinity',
  weight: 2,
  scale: 'range',
  prepare(candidate, world) {
    const wishes = wishesOf(candidate).map(({ term, weight }) => ({
      key: term.topologyKey,
      weight,
      counts: countsByTopology(term, candidate.namespace, world),
    }));
    const others = wishesOfOthers(candidate, world);
    return ({ labels }) => {
      const own = wishes.reduce((sum, { key, weight, counts }) => sum + weight * (counts.get(labels[key] ?? '') ?? 0), 0);
      const theirs = [...others].reduce((sum, [key, values]) => sum + (values.get(labels[key] ?? '') ?? 0), 0);
      return own + theirs;
    };
  },
};

const noWishes: readonly Wish[] = [];

function wishesOf({ affinity }: Pick<Candidate, 'affinity'>): readonly Wish[] {
  // Most machines: asked of each that runs, at each placement.
  if (affinity?.podAffinity === undefined && affinity?.podAntiAffinity === undefined) return noWishes;
  const near = affinity?.podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const apart = affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return [
    ...near.map(({ podAffinityTerm, weight }) => ({ term: podAffinityTerm, weight })),
    ...apart.map(({ podAffinityTerm, weight }) => ({ term: podAffinityTerm, weight: -weight })),
  ];
}

/** Who runs already has wishes about the newcomer: topology key → value → weight. */
function wishesOfOthers(candidate: Candidate, world: SummedWorld): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const sums = new Map<string, Map<string, number>>();
  const { valuesOf } = world;
  for (const machine of world.machines) {
    for (const { term, weight } of wishesOf(machine)) {
      if (!termMatches(term, machine.namespace, { subject: candidate, world })) continue;
      const value = valuesOf(term.topologyKey).get(machine.node);
      if (value === undefined) continue;
      const values = sums.get(term.topologyKey) ?? new Map<string, number>();
      values.set(value, (values.get(value) ?? 0) + weight);
      sums.set(term.topologyKey, values);
    }
  }
  return sums;
}

export const evenSpread: Score = {
  name: 'PodTopologySpread',
  weight: 2,
  scale: 'range',
  prepare(candidate, world) {
    const soft = candidate.spread
      .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'ScheduleAnyway')
      .map((constraint) => ({ key: constraint.topologyKey, ...spreadOf(constraint, candidate, world) }));
    return ({ labels }) => soft.reduce((sum, { key, counts }) => sum - (counts.get(labels[key] ?? '') ?? 0), 0);
  },
};
