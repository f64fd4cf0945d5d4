// Owns topologySpreadConstraints with DoNotSchedule: no value of the key may be more than maxSkew ahead of the least.
// Must not weigh ScheduleAnyway; a score does.
import { countsByTopology } from '../topology-terms.ts';
import { selects } from '../../../api/label-match.ts';
import type { Candidate, Filter, SpreadConstraint, SummedWorld } from '../world.ts';

export const topologySpread: Filter = {
  name: 'PodTopologySpread',
  prepare(candidate, world) {
    const hard = candidate.spread
      .map((constraint, index) => ({ constraint, index }))
      .filter(({ constraint }) => constraint.whenUnsatisfiable === 'DoNotSchedule')
      .map((row) => ({ ...row, ...spreadOf(row.constraint, candidate, world) }));
    return ({ name, labels }) =>
      hard.flatMap(({ constraint: { topologyKey, maxSkew }, index, counts, least, self }) => {
        const field = `spec.topologySpreadConstraints[${index}]`;
        const value = Object.hasOwn(labels, topologyKey) ? labels[topologyKey] : undefined;
        if (value === undefined) {
          const message = `Node ${name} has no label ${topologyKey}.`;
          return [
            {
              phrase: "node(s) didn't match pod topology spread constraints (missing required label)",
              cause: { reason: 'TopologySpread', field, message, fix: 'Label the node, or spread over another key.' },
            },
          ];
        }
        const skew = (counts.get(value) ?? 0) + self - least;
        if (skew <= maxSkew) return [];
        const message = `With this machine, ${topologyKey}=${value} (node ${name}) would have ${skew} more than the least; ${maxSkew} is allowed.`;
        return [
          {
            phrase: "node(s) didn't match pod topology spread constraints",
            cause: { reason: 'TopologySpread', field, message, fix: 'Raise maxSkew, or use ScheduleAnyway.' },
          },
        ];
      });
  },
};

interface Spread {
  readonly counts: ReadonlyMap<string, number>;
  /** The smallest count of any value that a node has. */
  readonly least: number;
  /** One when the machine itself is counted. */
  readonly self: number;
}

export function spreadOf({ topologyKey, labelSelector }: SpreadConstraint, candidate: Candidate, world: SummedWorld): Spread {
  const term = { topologyKey, ...(labelSelector === undefined ? {} : { labelSelector }) };
  const counts = countsByTopology(term, candidate.namespace, world);
  const values = world.nodes.flatMap(({ labels }) => (Object.hasOwn(labels, topologyKey) ? [labels[topologyKey] ?? ''] : []));
  return {
    counts,
    least: values.length === 0 ? 0 : Math.min(...values.map((value) => counts.get(value) ?? 0)),
    self: selects(labelSelector, candidate.labels) ? 1 : 0,
  };
}
