// Owns required affinity and anti-affinity between machines, and what running machines say against newcomers.
// Must not weigh preferences; a score does.
import type { FixAction } from '../../../api/fix-actions.ts';
import { preferCompany } from '../relaxing.ts';
import { countsByTopology, termMatches } from '../topology-terms.ts';
import type { Candidate, Filter, PlacedMachine, PlacementNode, PodTerm, Refusal, SummedWorld } from '../world.ts';

export const podAffinity: Filter = {
  name: 'InterPodAffinity',
  prepare(candidate, world) {
    const together = termsOf(candidate, 'podAffinity').map((term, index) => togetherJudge(term, { candidate, world, index }));
    const apart = termsOf(candidate, 'podAntiAffinity').map((term, index) => apartJudge(term, { candidate, world, index }));
    const others = objections(candidate, world);
    return (node) => [...together.flatMap((judge) => judge(node)), ...apart.flatMap((judge) => judge(node)), ...others(node)];
  },
};

interface TermPlace {
  readonly candidate: Candidate;
  readonly world: SummedWorld;
  readonly index: number;
}

type Kind = 'podAffinity' | 'podAntiAffinity';

function termsOf({ affinity }: Pick<Candidate, 'affinity'>, kind: Kind): readonly PodTerm[] {
  return affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
}

function fieldOf(kind: Kind, index: number): string {
  return `spec.affinity.${kind}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`;
}

function togetherJudge(term: PodTerm, { candidate, world, index }: TermPlace): (node: PlacementNode) => readonly Refusal[] {
  const counts = countsByTopology(term, candidate.namespace, world);
  // The first of a group that wants to be with itself may go anywhere, or none ever could.
  const isFirst = counts.size === 0 && termMatches(term, candidate.namespace, { subject: candidate, world });
  return ({ name, labels }) => {
    const value = Object.hasOwn(labels, term.topologyKey) ? labels[term.topologyKey] : undefined;
    if (value !== undefined && (isFirst || (counts.get(value) ?? 0) > 0)) return [];
    const why =
      value === undefined
        ? `it has no label ${term.topologyKey}`
        : `no machine that the rule means runs where ${term.topologyKey} is ${value}`;
    return [
      {
        phrase: "node(s) didn't match pod affinity rules",
        cause: {
          reason: 'PodAffinityMismatch',
          field: fieldOf('podAffinity', index),
          message: `Node ${name} is not beside the machines that this one must be with: ${why}.`,
          fix: 'Start the machine it should be with first, or make the rule a preference.',
        },
        actions: () => [preferCompany(candidate, 'podAffinity', index)],
      },
    ];
  };
}

function apartJudge(term: PodTerm, { candidate, world, index }: TermPlace): (node: PlacementNode) => readonly Refusal[] {
  const counts = countsByTopology(term, candidate.namespace, world);
  return ({ name, labels }) => {
    const value = Object.hasOwn(labels, term.topologyKey) ? labels[term.topologyKey] : undefined;
    const found = value === undefined ? 0 : (counts.get(value) ?? 0);
    if (found === 0) return [];
    return [
      {
        phrase: "node(s) didn't match pod anti-affinity rules",
        cause: {
          reason: 'PodAntiAffinityMismatch',
          field: fieldOf('podAntiAffinity', index),
          message: `On node ${name} (${term.topologyKey}=${value}) ${found === 1 ? 'a machine runs' : `${found} machines run`} that this one must not be with.`,
          fix: 'Stop it, make the rule a preference, or add a node.',
        },
        actions: () => [preferCompany(candidate, 'podAntiAffinity', index), ...stops(machinesAt(term, value ?? '', { candidate, world }))],
      },
    ];
  };
}

/** Those that the term speaks of, where its topology key has this value. */
function machinesAt(term: PodTerm, value: string, { candidate, world }: Pick<TermPlace, 'candidate' | 'world'>): readonly PlacedMachine[] {
  const valueOfNode = world.valuesOf(term.topologyKey);
  return world.machines.filter(
    (machine) => valueOfNode.get(machine.node) === value && termMatches(term, candidate.namespace, { subject: machine, world }),
  );
}

/** With one it is clear what to stop; of many, stopping one does not help. */
function stops(machines: readonly PlacedMachine[]): readonly FixAction[] {
  const [only] = machines;
  if (only === undefined || machines.length > 1) return [];
  return [{ type: 'StopMachine', namespace: only.namespace, name: only.name }];
}

/** Anti-affinity holds both ways: who runs already may not want the newcomer near. */
function objections(candidate: Candidate, world: SummedWorld): (node: PlacementNode) => readonly Refusal[] {
  /** Topology key → value → who objects. */
  const refused = new Map<string, Map<string, PlacedMachine>>();
  const { valuesOf } = world;
  for (const machine of world.machines) {
    for (const term of termsOf(machine, 'podAntiAffinity')) {
      if (!termMatches(term, machine.namespace, { subject: candidate, world })) continue;
      const value = valuesOf(term.topologyKey).get(machine.node);
      if (value === undefined) continue;
      const values = refused.get(term.topologyKey) ?? new Map<string, PlacedMachine>();
      values.set(value, machine);
      refused.set(term.topologyKey, values);
    }
  }
  return ({ name, labels }) =>
    [...refused].flatMap(([key, values]) => {
      const who = Object.hasOwn(labels, key) ? values.get(labels[key] ?? '') : undefined;
      if (who === undefined) return [];
      return [
        {
          phrase: "node(s) didn't satisfy existing pods anti-affinity rules",
          cause: {
            reason: 'ExistingAntiAffinity',
            field: 'metadata.labels',
            message: `On node ${name} runs ${who.name}, whose anti-affinity keeps this machine away.`,
            fix: `Stop ${who.name}, or change its rule.`,
          },
          actions: () => stops([who]),
        },
      ];
    });
}
