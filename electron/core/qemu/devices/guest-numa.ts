// Owns the memory nodes that a guest sees: with guestMappingPassthrough those of this computer that its vCPUs run on.
// Must not choose processors; placement has.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import { bytesOf } from '../../../api/quantity.ts';
import type { TopologyFact } from '../../placement/topology.ts';
import { keyedOption } from '../args.ts';
import type { FamilyFacts } from '../fragment.ts';
import type { Argument } from '../launch-plan.ts';
import { topologyOf } from '../topology.ts';

export interface GuestNode {
  /** Of this computer. */
  readonly hostNode: number;
  /** Numbers of the vCPUs that run there. */
  readonly vcpus: readonly number[];
  readonly mib: number;
}

const field = 'spec.domain.cpu.numa.guestMappingPassthrough';
const mebibyte = 1024 * 1024;

/** Undefined without passthrough, or where no vCPU has a processor of its own. Memory is parted evenly, in whole pages; the first has the rest. */
export function guestNodes(vmi: VirtualMachineInstance, { binding, host }: FamilyFacts, mib: number): readonly GuestNode[] | undefined {
  const { cpu, memory } = vmi.spec.domain;
  if (cpu?.numa?.guestMappingPassthrough === undefined || binding.own === undefined) return undefined;
  const nodes = new Map<number, number[]>();
  binding.own.vcpus.forEach((id, vcpu) => {
    const node = Math.max(0, host.topology.cpus.find((one) => one.id === id)?.numaNode ?? 0);
    nodes.set(node, [...(nodes.get(node) ?? []), vcpu]);
  });
  const sorted = [...nodes].toSorted(([a], [b]) => a - b);
  const pageMiB = Math.max(1, (bytesOf(memory?.hugepages?.pageSize) ?? mebibyte) / mebibyte);
  const pages = Math.floor(mib / pageMiB);
  const each = Math.floor(pages / sorted.length);
  return sorted.map(([hostNode, vcpus], index) => ({
    hostNode,
    vcpus,
    mib: index === 0 ? mib - each * pageMiB * (sorted.length - 1) : each * pageMiB,
  }));
}

/** Memory id of a guest node. */
export function nodeMemoryId(index: number): string {
  return `ram-node${index}`;
}

export function numaArguments(vmi: VirtualMachineInstance, nodes: readonly GuestNode[], host: TopologyFact): readonly Argument[] {
  const source = { field };
  const { cores, threads } = topologyOf(vmi);
  return [
    ...nodes.map((_node, index) => keyedOption('-numa', { head: 'node', pairs: { nodeid: index, memdev: nodeMemoryId(index) } }, source)),
    ...nodes.flatMap(({ vcpus }, index) =>
      vcpus.map((vcpu) => {
        const [thread, core, socket] = [vcpu % threads, Math.floor(vcpu / threads) % cores, Math.floor(vcpu / (threads * cores))];
        return keyedOption(
          '-numa',
          { head: 'cpu', pairs: { 'node-id': index, 'socket-id': socket, 'core-id': core, 'thread-id': thread } },
          source,
        );
      }),
    ),
    ...distances(nodes, host).map((pairs) => keyedOption('-numa', { head: 'dist', pairs }, source)),
  ];
}

/** As this computer has them: the guest then prefers the same neighbours. */
function distances(nodes: readonly GuestNode[], { numaNodes }: TopologyFact) {
  return nodes.flatMap(({ hostNode }, src) =>
    nodes.flatMap((other, dst) => {
      const row = numaNodes.find(({ id }) => id === hostNode)?.distances;
      const val = row?.[numaNodes.findIndex(({ id }) => id === other.hostNode)];
      return src === dst || val === undefined ? [] : [{ src, dst, val }];
    }),
  );
}

/** A node without a page would be no node. */
export function numaCauses(nodes: readonly GuestNode[], mib: number): readonly Cause[] {
  if (nodes.every((node) => node.mib > 0)) return [];
  return [
    {
      reason: 'FieldValueInvalid',
      field,
      message: `${mib} MiB of memory are too few pages for ${nodes.length} memory nodes.`,
      fix: 'Give the machine more memory, or take a smaller page size.',
    },
  ];
}
