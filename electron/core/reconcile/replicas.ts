// Owns how many of a kind are made and which go, for sets of runs and pools of machines (KubeVirt v1.9.0, pkg/virt-controller/watch/{replicaset,pool}).
// Must not make or delete anything; the engine's controllers do.
import type { KubeObject } from '../../api/object.ts';

/** One that belongs to the set already. */
export interface Replica {
  readonly name: string;
  readonly createdAt: string;
  readonly isReady: boolean;
  /** It ended, and a set replaces it. */
  readonly isFinal: boolean;
  readonly isDeleting: boolean;
}

export interface ReplicaStep {
  /** How many to make. */
  readonly create: number;
  /** Which to delete, by name. */
  readonly remove: readonly string[];
}

/** Upstream's burst limit: a set of a thousand does not ask for all at once. */
const maxAtOnce = 250;

export function replicaStep(replicas: readonly Replica[], wanted: number): ReplicaStep {
  const active = replicas.filter(({ isFinal, isDeleting }) => !isFinal && !isDeleting);
  const ended = replicas.filter(({ isFinal, isDeleting }) => isFinal && !isDeleting).map(({ name }) => name);
  const missing = wanted - active.length;
  if (missing >= 0) return { create: Math.min(missing, maxAtOnce), remove: ended };
  return { create: 0, remove: [...ended, ...leastMissed(active).slice(0, Math.min(-missing, maxAtOnce))] };
}

/** Those that are not ready yet first, then the youngest. */
function leastMissed(active: readonly Replica[]): readonly string[] {
  return active
    .toSorted((a, b) => Number(a.isReady) - Number(b.isReady) || b.createdAt.localeCompare(a.createdAt) || b.name.localeCompare(a.name))
    .map(({ name }) => name);
}

/** A pool's machines are numbered: the lowest numbers that are free. */
export function freeNames(pool: string, taken: ReadonlySet<string>, count: number): readonly string[] {
  const names: string[] = [];
  for (let index = 0; names.length < count; index += 1) {
    const name = `${pool}-${index}`;
    if (!taken.has(name)) names.push(name);
  }
  return names;
}

/** As the scale subresource of a cluster wants it. */
export function selectorText({ matchLabels = {} }: { readonly matchLabels?: Readonly<Record<string, string>> }): string {
  return Object.entries(matchLabels)
    .map(([key, value]) => `${key}=${value}`)
    .toSorted((a, b) => a.localeCompare(b))
    .join(',');
}

export function isOwnedBy({ metadata }: KubeObject, owner: KubeObject): boolean {
  return metadata.ownerReferences?.some(({ uid, controller }) => uid === owner.metadata.uid && controller === true) === true;
}
