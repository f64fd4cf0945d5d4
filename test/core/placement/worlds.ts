// Owns short ways to write nodes, machines and candidates in placement tests.
// Must not place anything.
import type { Candidate, PlacedMachine, PlacementNode, PlacementWorld } from '../../../electron/core/placement/world.ts';

const gib = 1024 ** 3;

export function node(name: string, parts: Partial<PlacementNode> = {}): PlacementNode {
  return {
    name,
    taints: [],
    unschedulable: false,
    allocatable: { cpu: 4000, memory: 8 * gib },
    ...parts,
    labels: { 'topology.virtdeck.io/domain': name, 'kubernetes.io/hostname': 'desk', ...parts.labels },
  };
}

export function placed(name: string, onNode: string, parts: Partial<PlacedMachine> = {}): PlacedMachine {
  return { namespace: 'default', name, labels: {}, node: onNode, requests: { cpu: 1000, memory: gib }, ...parts };
}

export function candidate(parts: Partial<Candidate> = {}): Candidate {
  return {
    namespace: 'default',
    name: 'new',
    labels: {},
    requests: { cpu: 1000, memory: gib },
    asks: [],
    tolerations: [],
    spread: [],
    ...parts,
  };
}

export function world(nodes: readonly PlacementNode[], machines: readonly PlacedMachine[] = []): PlacementWorld {
  return { nodes, machines, namespaces: new Map([['default', {}]]) };
}
