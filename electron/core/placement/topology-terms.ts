// Owns what "together" means: which machines a pod affinity term speaks of, and how many of them each value of its topology key holds.
// Must not judge; filters and scores do.
import { type Labels, selects } from '../../api/label-match.ts';
import type { PlacementWorld, PodTerm, SummedWorld } from './world.ts';

interface Subject {
  readonly namespace: string;
  readonly labels: Labels;
}

/** Whether a term, written by a machine of `own`, speaks of `subject`. Without namespaces it means its own. */
export function termMatches(term: PodTerm, own: string, { subject, world }: { subject: Subject; world: PlacementWorld }): boolean {
  return inScope(term, own, { subject, world }) && selects(term.labelSelector, subject.labels);
}

function inScope(term: PodTerm, own: string, { subject, world }: { subject: Subject; world: PlacementWorld }): boolean {
  const { namespaces = [], namespaceSelector } = term;
  if (namespaces.length === 0 && namespaceSelector === undefined) return subject.namespace === own;
  if (namespaces.includes(subject.namespace)) return true;
  return namespaceSelector !== undefined && selects(namespaceSelector, world.namespaces.get(subject.namespace) ?? {});
}

/** Machines that the term matches, by the value of its topology key on their nodes. Nodes without the key hold none. */
export function countsByTopology(term: PodTerm, own: string, world: SummedWorld): ReadonlyMap<string, number> {
  const valueOfNode = world.valuesOf(term.topologyKey);
  const counts = new Map<string, number>();
  for (const machine of world.machines) {
    const value = valueOfNode.get(machine.node);
    if (value !== undefined && termMatches(term, own, { subject: machine, world })) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

/** Node name → value of the key, for the nodes that have it. */
function topologyValues(key: string, world: PlacementWorld): ReadonlyMap<string, string> {
  return new Map(
    world.nodes.flatMap(({ name, labels }) => {
      const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** The same, looked up once a key: many machines mostly share a few keys. */
export function topologyReader(world: PlacementWorld): (key: string) => ReadonlyMap<string, string> {
  const known = new Map<string, ReadonlyMap<string, string>>();
  return (key) => {
    const values = known.get(key) ?? topologyValues(key, world);
    known.set(key, values);
    return values;
  };
}
