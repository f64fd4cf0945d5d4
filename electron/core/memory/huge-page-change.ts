// Owns what may be done to a pool of huge pages: every reason why not, and the request that does it.
// Must not do it; the engine asks the privileged program, which judges everything again.
import type { Cause } from '../../api/errors.ts';
import type { HugePageChange, HugePagePoolReport } from '../../api/huge-pages.ts';
import type { PrivilegedRequest } from '../../api/privileged.ts';
import { bytesOf, formatBytes } from '../../api/quantity.ts';
import type { TopologyFact } from '../placement/topology.ts';
import type { KeptPages } from './memory-facts.ts';

const mebibyte = 1024 * 1024;
/** The privileged program's own: more than a computer has. */
const mostPages = 1 << 24;

export interface PoolFacts {
  readonly topology: Pick<TopologyFact, 'numaNodes'>;
  readonly kept: readonly KeptPages[];
}

export function poolReports({ topology, kept }: PoolFacts): readonly HugePagePoolReport[] {
  return topology.numaNodes.flatMap(({ id, availableMiB, hugePages }) =>
    hugePages.map(({ pageBytes, total, free }) => ({
      numaNode: id,
      pageSize: formatBytes(pageBytes),
      pageMiB: pageBytes / mebibyte,
      total,
      free,
      atBoot: keptOf(kept, pageBytes / 1024, nodeOf(topology, id)),
      availableMiB: Math.max(0, availableMiB),
    })),
  );
}

function keptOf(kept: readonly KeptPages[], sizeKiB: number, numaNode: number | undefined): number {
  return kept.find((one) => one.sizeKiB === sizeKiB && one.numaNode === numaNode)?.count ?? 0;
}

/** Where there is one memory node its pool is the computer's: a kernel without NUMA has no other. */
function nodeOf({ numaNodes }: PoolFacts['topology'], id: number): number | undefined {
  return numaNodes.length > 1 ? id : undefined;
}

export type PagePlan =
  { readonly ok: true; readonly request: PrivilegedRequest } | { readonly ok: false; readonly causes: readonly Cause[] };

export function hugePagePlan(facts: PoolFacts, change: HugePageChange): PagePlan {
  const { numaNode, pageSize, when = 'now' } = change;
  const pool = poolReports(facts).find((one) => one.numaNode === numaNode && bytesOf(one.pageSize) === bytesOf(pageSize));
  if (pool === undefined)
    return refused('pageSize', `Memory node ${numaNode} has no pool of pages of ${pageSize}.`, sizesOf(facts, numaNode));
  if ((change.count === undefined) === (change.more === undefined)) {
    return refused('count', 'Either count or more says how many pages.', 'Send one of them.');
  }
  const count = change.count ?? pool.total + (change.more ?? 0);
  if (!Number.isInteger(count) || count < 0 || count > mostPages) {
    return refused('count', `${count} is no number of pages.`, `Use a whole number from 0 to ${mostPages}.`);
  }
  if (when === 'now') {
    const causes = impossibleNow(pool, count);
    if (causes.length > 0) return { ok: false, causes };
  }
  const node = nodeOf(facts.topology, numaNode);
  return {
    ok: true,
    request: {
      verb: when === 'now' ? 'hugepages-set' : 'hugepages-keep',
      ...(node === undefined ? {} : { node }),
      sizeKiB: pool.pageMiB * 1024,
      count,
    },
  };
}

function impossibleNow({ total, free, pageMiB, pageSize, numaNode, availableMiB }: HugePagePoolReport, count: number): readonly Cause[] {
  const used = total - free;
  if (count < used) {
    const message = `${used} pages of ${pageSize} on memory node ${numaNode} are in use.`;
    return [{ reason: 'HugePagesInUse', field: 'count', message, fix: `Keep at least ${used}, or stop the machine that has them.` }];
  }
  const neededMiB = (count - total) * pageMiB;
  if (neededMiB <= availableMiB) return [];
  return [
    {
      reason: 'MemoryShort',
      field: 'count',
      message: `${count - total} more pages of ${pageSize} take ${neededMiB} MiB; memory node ${numaNode} has ${availableMiB} MiB available.`,
      fix: 'Ask for fewer, stop another machine, or have them reserved at the next start of this computer.',
    },
  ];
}

function refused(field: string, message: string, fix: string): PagePlan {
  return { ok: false, causes: [{ reason: 'FieldValueInvalid', field, message, fix }] };
}

function sizesOf({ topology }: PoolFacts, numaNode: number): string {
  const sizes = topology.numaNodes.find(({ id }) => id === numaNode)?.hugePages.map(({ pageBytes }) => formatBytes(pageBytes));
  if (sizes === undefined) return `This computer has the memory nodes ${topology.numaNodes.map(({ id }) => id).join(', ')}.`;
  return sizes.length === 0 ? 'This kernel has no huge pages.' : `Use ${sizes.join(' or ')}.`;
}
