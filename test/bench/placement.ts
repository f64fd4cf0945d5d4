// Owns measuring the scheduler: machines with affinity placed one after the other, and how the time grows.
// Must not test where they go.
import { place } from '../../electron/core/placement/place.ts';
import type { Candidate, PlacedMachine, PlacementNode, PlacementWorld } from '../../electron/core/placement/world.ts';
import type { Figure } from './figures.ts';

const gib = 1024 ** 3;
const domain = 'topology.virtdeck.io/domain';
const nodeCount = 100;

/** One hundred nodes in ten zones. */
const nodes: readonly PlacementNode[] = Array.from({ length: nodeCount }, (_, index) => ({
  name: `node-${index}`,
  labels: { [domain]: `node-${index}`, zone: `zone-${index % 10}` },
  taints: index % 20 === 0 ? [{ key: 'own', effect: 'NoSchedule' }] : [],
  unschedulable: false,
  allocatable: { cpu: 128_000, memory: 512 * gib },
}));

/** Every machine has a node affinity; each third keeps apart from its own kind, another third would rather be near it. */
function machine(index: number): Candidate {
  const app = `app-${index % 50}`;
  const term = { labelSelector: { matchLabels: { app } }, topologyKey: index % 3 === 0 ? domain : 'zone' };
  return {
    namespace: 'default',
    name: `m-${index}`,
    labels: { app },
    requests: { cpu: 1000, memory: 2 * gib },
    asks: [],
    tolerations: [],
    spread: [],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'NotIn', values: [`zone-${index % 10}`] }] }],
        },
      },
      ...(index % 3 === 0 ? { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } : {}),
      ...(index % 3 === 1
        ? { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 50, podAffinityTerm: term }] } }
        : {}),
    },
  };
}

/** Seconds of processor time for `count` machines (with those of the collector, so at least the time on a clock), and how many found a place. */
function placeMany(count: number): { readonly seconds: number; readonly placed: number } {
  const machines: PlacedMachine[] = [];
  const world: PlacementWorld = { nodes, machines, namespaces: new Map() };
  const before = process.cpuUsage();
  for (let index = 0; index < count; index += 1) {
    const next = machine(index);
    const { node } = place(next, world);
    if (node !== undefined) machines.push({ ...next, node });
  }
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, placed: machines.length };
}

const counts = [250, 500, 1000, 2000] as const;
const promisedCount = 1000;
const promisedSeconds = 1;
/** Twice the machines may cost twice the time for each of them, as the affinity terms look at all that run: four times in total. */
const growthPerDoubling = 4.6;

/**
 * What Kubernetes' own scheduler_perf demands of kube-scheduler on 5,000 nodes (test/integration/scheduler_perf/affinity/performance-config.yaml):
 * pods a second, with the API server's share. Nobody publishes it for 100 nodes, and it is not run here.
 */
const published = 'kube-scheduler, as published: at least 220 a second with node affinity, 90 preferred, 60 apart, 35 together';

export function placementFigures(): Promise<readonly Figure[]> {
  // The first run pays for the compiler.
  placeMany(500);
  const runs = counts.map((count) => ({ count, ...placeMany(count) }));
  return Promise.resolve(
    runs.map(({ count, seconds, placed }, index): Figure => {
      const before = runs[index - 1];
      const growth = before === undefined ? undefined : seconds / before.seconds;
      return {
        what: `${count} machines with affinity over ${nodeCount} nodes (${placed} placed)`,
        ours: `${seconds.toFixed(2)} s of processor time, ${(count / seconds).toFixed(0)} a second${growth === undefined ? '' : `, ${growth.toFixed(1)}× the row above`}`,
        peer: count === promisedCount ? published : '–',
        promise:
          count === promisedCount
            ? `under ${promisedSeconds} s`
            : growth === undefined
              ? ''
              : `at most ${growthPerDoubling}× for twice the machines`,
        ...(count === promisedCount
          ? { kept: seconds < promisedSeconds }
          : growth === undefined
            ? {}
            : { kept: growth <= growthPerDoubling }),
      };
    }),
  );
}
