// Owns turning the API's objects into what the scheduler looks at.
// Must not read the store; whoever asks has.
import type { Namespace } from '../../api/kinds/namespace.ts';
import type { Node } from '../../api/kinds/node.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { annotations } from '../../api/annotations.ts';
import { formatBytes } from '../../api/quantity.ts';
import { type Amounts, amountsOf } from './amounts.ts';
import { type ChargeFacts, chargeOf } from './charge.ts';
import type { OwnCpus } from './cores.ts';
import type { PlacementDomain } from './domains.ts';
import type { PlacedMachine, PlacementNode, PlacementWorld } from './world.ts';

export interface PlacementObjects extends ChargeFacts {
  readonly nodes: readonly Node[];
  /** Of the same names: what their pools really have free. */
  readonly domains: readonly PlacementDomain[];
  /** Those that are placed, without the one that wants a place. */
  readonly machines: readonly VirtualMachineInstance[];
  readonly namespaces: readonly Namespace[];
}

export function worldOf({ nodes, domains, machines, namespaces, ...charging }: PlacementObjects): PlacementWorld {
  const placed = machines.flatMap((vmi) => placedMachine(vmi, charging) ?? []);
  return {
    nodes: nodes.map((node) => {
      const domain = domains.find(({ name }) => name === node.metadata.name);
      const known = placementNode(node);
      return domain === undefined
        ? known
        : { ...known, allocatable: { ...known.allocatable, ...pagesLeft(domain, placed) }, pools: domain.hugePages };
    }),
    machines: placed,
    namespaces: new Map(namespaces.map(({ metadata }) => [metadata.name, metadata.labels ?? {}])),
  };
}

/** What a pool can still promise: programs that are no machines of ours take pages too. */
function pagesLeft({ name, hugePages }: PlacementDomain, placed: readonly PlacedMachine[]): Amounts {
  return Object.fromEntries(
    hugePages.map(({ pageBytes, total, free }) => {
      const resource = `hugepages-${formatBytes(pageBytes)}`;
      const promised = placed.filter(({ node }) => node === name).reduce((sum, { requests }) => sum + (requests[resource] ?? 0), 0);
      return [resource, Math.min(total * pageBytes, free * pageBytes + promised)];
    }),
  );
}

function placementNode({ metadata, spec, status }: Node): PlacementNode {
  return {
    name: metadata.name,
    labels: metadata.labels ?? {},
    taints: spec.taints ?? [],
    unschedulable: spec.unschedulable === true,
    allocatable: amountsOf(status?.allocatable),
  };
}

function placedMachine(vmi: VirtualMachineInstance, charging: ChargeFacts): PlacedMachine | undefined {
  const node = vmi.status?.nodeName;
  if (node === undefined) return undefined;
  const { metadata, spec } = vmi;
  return {
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
    labels: metadata.labels ?? {},
    node,
    requests: chargeOf(vmi, charging).requests,
    ...(spec.affinity === undefined ? {} : { affinity: spec.affinity }),
  };
}

/** The processors that a running machine has for itself, as the engine wrote them down; undefined when it shares. */
export function ownCpusOf({ metadata }: Pick<VirtualMachineInstance, 'metadata'>): OwnCpus | undefined {
  const text = metadata.annotations?.[annotations.ownCpus];
  if (text === undefined) return undefined;
  return JSON.parse(text) as OwnCpus;
}

export function ownCpusText(own: OwnCpus): string {
  return JSON.stringify(own);
}
