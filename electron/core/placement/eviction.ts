// Owns how long a running machine may stay on a node that has NoExecute taints (Kubernetes' taint-eviction controller).
// Must not end it, nor know since when the taints are there.
import { type Taint, taintText, type Toleration, tolerates } from '../../api/tolerations.ts';

export interface Leaving {
  /** From when the taint was seen; 0: at once. */
  readonly afterMs: number;
  /** The one that makes it leave first. */
  readonly taint: string;
}

/** Undefined: it may stay for ever. Of several tolerations the first that fits counts, of several taints the shortest time. */
export function leaving(tolerations: readonly Toleration[], taints: readonly Taint[]): Leaving | undefined {
  const times = taints
    .filter(({ effect }) => effect === 'NoExecute')
    .flatMap((taint): readonly Leaving[] => {
      const toleration = tolerations.find((each) => tolerates(each, taint));
      if (toleration !== undefined && toleration.tolerationSeconds === undefined) return [];
      // Kubernetes reads what is negative as 0.
      return [{ afterMs: Math.max(0, toleration?.tolerationSeconds ?? 0) * 1000, taint: taintText(taint) }];
    });
  return times.toSorted((a, b) => a.afterMs - b.afterMs)[0];
}
