// Owns what must hold of placement whatever the machines ask.
// Must not repeat the rules; place.test.ts has them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { place } from '../../../electron/core/placement/place.ts';
import type { Affinity, Candidate, PlacedMachine, PlacementNode } from '../../../electron/core/placement/world.ts';
import { node, world } from './worlds.ts';

const gib = 1024 ** 3;
const zones = ['left', 'right'];
const apps = ['web', 'db', 'cache'];

const anyNode = (name: string): fc.Arbitrary<PlacementNode> =>
  fc
    .record({
      cpu: fc.integer({ min: 0, max: 8 }),
      memory: fc.integer({ min: 0, max: 16 }),
      zone: fc.option(fc.constantFrom(...zones), { nil: undefined }),
      tainted: fc.constantFrom(undefined, 'NoSchedule', 'PreferNoSchedule'),
      cordoned: fc.boolean(),
    })
    .map(({ cpu, memory, zone, tainted, cordoned }) =>
      node(name, {
        labels: zone === undefined ? {} : { zone },
        taints: tainted === undefined ? [] : [{ key: 'own', effect: tainted }],
        unschedulable: cordoned && tainted === undefined,
        allocatable: { cpu: cpu * 1000, memory: memory * gib },
      }),
    );

const anyNodes = fc.integer({ min: 1, max: 6 }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => anyNode(`n${i}`))));
const anyTerm = fc
  .record({ app: fc.constantFrom(...apps), key: fc.constantFrom('zone', 'topology.virtdeck.io/domain') })
  .map(({ app, key }) => ({
    labelSelector: { matchLabels: { app } },
    topologyKey: key,
  }));
const anyPreference = fc.record({ weight: fc.integer({ min: 1, max: 100 }), podAffinityTerm: anyTerm });

const anyCandidate: fc.Arbitrary<Candidate> = fc
  .record({
    app: fc.constantFrom(...apps),
    cpu: fc.integer({ min: 0, max: 4 }),
    memory: fc.integer({ min: 0, max: 6 }),
    zone: fc.option(fc.constantFrom(...zones), { nil: undefined }),
    near: fc.array(anyTerm, { maxLength: 1 }),
    apart: fc.array(anyTerm, { maxLength: 1 }),
    preferred: fc.array(anyPreference, { maxLength: 2 }),
    tolerant: fc.boolean(),
  })
  .map(({ app, cpu, memory, zone, near, apart, preferred, tolerant }) => ({
    namespace: 'default',
    name: 'new',
    labels: { app },
    requests: { cpu: cpu * 1000, memory: memory * gib },
    asks: zone === undefined ? [] : [{ requirement: { key: 'zone', operator: 'In', values: [zone] }, field: 'spec.nodeSelector' }],
    affinity: {
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: near, preferredDuringSchedulingIgnoredDuringExecution: preferred },
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: apart },
    },
    tolerations: tolerant ? [{ key: 'own', operator: 'Exists' }] : [],
    spread: [],
  }));

/** Places one after the other, as they come. */
function placeAll(nodes: readonly PlacementNode[], candidates: readonly Candidate[]): readonly PlacedMachine[] {
  return candidates.reduce<readonly PlacedMachine[]>((machines, next, index) => {
    const decision = place(next, world(nodes, machines));
    if (decision.node === undefined) return machines;
    const { namespace, labels, requests, affinity } = next;
    return [
      ...machines,
      { namespace, name: `m${index}`, labels, requests, node: decision.node, ...(affinity === undefined ? {} : { affinity }) },
    ];
  }, []);
}

test('no node is promised more than it has', () => {
  fc.assert(
    fc.property(anyNodes, fc.array(anyCandidate, { maxLength: 25 }), (nodes, candidates) => {
      const machines = placeAll(nodes, candidates);
      for (const { name, allocatable } of nodes) {
        for (const resource of ['cpu', 'memory']) {
          const promised = machines
            .filter((machine) => machine.node === name)
            .reduce((sum, { requests }) => sum + (requests[resource] ?? 0), 0);
          expect(promised).toBeLessThanOrEqual(allocatable[resource] ?? 0);
        }
      }
    }),
    { numRuns: 150 },
  );
});

test('required anti-affinity is never broken, in whatever order they came', () => {
  fc.assert(
    fc.property(anyNodes, fc.array(anyCandidate, { maxLength: 20 }), (nodes, candidates) => {
      const machines = placeAll(nodes, candidates);
      const labelsOf = new Map(nodes.map(({ name, labels }) => [name, labels]));
      const valueOf = (machine: PlacedMachine, key: string): string | undefined => labelsOf.get(machine.node)?.[key];
      for (const machine of machines) {
        for (const term of machine.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []) {
          const value = valueOf(machine, term.topologyKey);
          const met = machines.filter(
            (other) =>
              other !== machine &&
              value !== undefined &&
              valueOf(other, term.topologyKey) === value &&
              other.labels['app'] === term.labelSelector?.matchLabels?.['app'],
          );
          expect(met).toEqual([]);
        }
      }
    }),
    { numRuns: 150 },
  );
});

test('one more node with room never makes a machine unschedulable', () => {
  fc.assert(
    fc.property(anyNodes, fc.array(anyCandidate, { maxLength: 10 }), anyCandidate, (nodes, candidates, next) => {
      const machines = placeAll(nodes, candidates);
      if (place(next, world(nodes, machines)).node === undefined) return;
      expect(place(next, world([...nodes, node('more')], machines)).node).toBeDefined();
    }),
    { numRuns: 150 },
  );
});

test('preferences never block: without them a machine finds a place exactly when it does with them', () => {
  const withoutPreferences = ({ podAffinity, podAntiAffinity }: Affinity): Affinity => ({
    podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [] },
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [],
    },
  });
  fc.assert(
    fc.property(anyNodes, fc.array(anyCandidate, { maxLength: 10 }), anyCandidate, (nodes, candidates, next) => {
      const machines = placeAll(nodes, candidates);
      const plain = { ...next, affinity: withoutPreferences(next.affinity ?? {}) };
      expect(place(next, world(nodes, machines)).node === undefined).toBe(place(plain, world(nodes, machines)).node === undefined);
    }),
    { numRuns: 150 },
  );
});

test('a refusal names every node, and a place has no refusal', () => {
  fc.assert(
    fc.property(anyNodes, anyCandidate, (nodes, next) => {
      const { node: chosen, verdicts, message } = place(next, world(nodes));
      expect(verdicts.map((verdict) => verdict.node)).toEqual(nodes.map(({ name }) => name));
      if (chosen === undefined) expect(verdicts.every(({ refusals }) => refusals.length > 0) && message !== undefined).toBe(true);
      else expect(verdicts.find((verdict) => verdict.node === chosen)?.refusals).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
