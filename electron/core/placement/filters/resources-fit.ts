// Owns whether what a node has left is enough, resource by resource.
// Must not count what processes really use: promises are what is counted.
import type { FixAction } from '../../../api/fix-actions.ts';
import { bytesOf } from '../../../api/quantity.ts';
import { amountWords } from '../amounts.ts';
import type { Filter, PlacedMachine, PlacementNode, Refusal } from '../world.ts';

export const resourcesFit: Filter = {
  name: 'NodeResourcesFit',
  prepare({ requests }, world) {
    const asked = Object.entries(requests).filter(([, amount]) => amount > 0);
    return (node) =>
      asked.flatMap(([name, amount]) => {
        const used = world.promised.get(node.name)?.[name] ?? 0;
        const short = { name, amount, used, free: (node.allocatable[name] ?? 0) - used };
        return amount <= short.free
          ? []
          : [
              {
                ...refusal(node, short),
                actions: () => [
                  ...reservations(short, node),
                  ...stopsFreeing(
                    short,
                    world.machines.filter((machine) => machine.node === node.name),
                  ),
                ],
              },
            ];
      });
  },
};

interface Short {
  readonly name: string;
  readonly amount: number;
  readonly used: number;
  readonly free: number;
}

function refusal(node: PlacementNode, short: Short): Refusal {
  const { name, amount, used, free } = short;
  const has = node.allocatable[name] ?? 0;
  const left = Math.max(0, free);
  return {
    phrase: `Insufficient ${name}`,
    cause: {
      reason: 'InsufficientResource',
      field: fieldOf(name),
      // In one piece: the window finds its translation by the whole sentence.
      message: `Node ${node.name} has ${amountWords(name, left)} of ${kindOf(name)} left of ${amountWords(name, has)} (${amountWords(name, used)} are promised); the machine needs ${amountWords(name, amount)}, ${amountWords(name, amount - left)} more.`,
      fix: fixOf(name, node.name),
    },
  };
}

/** Pages that are missing, to be had now or at the next start of the computer: long after that, memory is rarely in one piece. */
function reservations({ name, amount, free }: Short, { pools = [] }: PlacementNode): readonly FixAction[] {
  const pageSize = name.startsWith('hugepages-') ? name.slice('hugepages-'.length) : undefined;
  const pool = pools.find(({ pageBytes }) => pageBytes === bytesOf(pageSize));
  if (pageSize === undefined || pool === undefined) return [];
  const { pageBytes, numaNode, share } = pool;
  const more = Math.ceil((amount - free) / pageBytes / share);
  return (['now', 'boot'] as const).map((when) => ({ type: 'ReserveHugePages', numaNode, pageSize, more, when }));
}

/** So many machines are offered; the list of machines has them all. */
const offered = 3;

/** Machines of which one alone leaves enough, the smallest first. */
function stopsFreeing({ name, amount, free }: Short, machines: readonly PlacedMachine[]): readonly FixAction[] {
  return machines
    .filter(({ requests }) => (requests[name] ?? 0) >= amount - free)
    .toSorted((a, b) => (a.requests[name] ?? 0) - (b.requests[name] ?? 0))
    .slice(0, offered)
    .map((machine) => ({ type: 'StopMachine', namespace: machine.namespace, name: machine.name }));
}

function kindOf(name: string): string {
  if (name === 'cpu') return 'processor time';
  if (name === 'memory') return 'memory';
  return name.startsWith('hugepages-') ? name.slice('hugepages-'.length) : name;
}

function fieldOf(name: string): string {
  if (name === 'cpu') return 'spec.domain.cpu';
  if (name === 'memory') return 'spec.domain.memory.guest';
  if (name.startsWith('hugepages-')) return 'spec.domain.memory.hugepages.pageSize';
  return 'spec.domain.devices';
}

function fixOf(name: string, node: string): string {
  if (name === 'memory') return 'Give it less, ask for less than the guest has (overcommit), or stop another machine.';
  if (name === 'cpu') return 'Ask for fewer processors, or stop another machine.';
  if (name.startsWith('hugepages-')) return `Reserve more huge pages on ${node}, or use ordinary memory.`;
  return `Stop the machine that holds ${name}, or allow more of it.`;
}
