// Owns what is typed into the pools of huge pages, and the changes that come of it.
// Must not send them.
import type { HugePageChange, HugePagePoolReport } from '../../../electron/api/huge-pages.ts';

/** By pool, as typed. */
export interface PoolDraft {
  readonly now: string;
  readonly boot: string;
}

export function poolId({ numaNode, pageSize }: Pick<HugePagePoolReport, 'numaNode' | 'pageSize'>): string {
  return `${numaNode}-${pageSize}`;
}

export function draftOf({ total, atBoot }: HugePagePoolReport): PoolDraft {
  return { now: String(total), boot: String(atBoot) };
}

/** Undefined when it is no number of pages. */
export function pagesIn(text: string): number | undefined {
  const trimmed = text.trim();
  return /^\d{1,8}$/.test(trimmed) ? Number(trimmed) : undefined;
}

/** In order: what is given back first, so that it is there for what is taken. Undefined while something is no number. */
export function pageChanges(
  pools: readonly HugePagePoolReport[],
  drafts: Readonly<Record<string, PoolDraft>>,
): readonly HugePageChange[] | undefined {
  const wanted = pools.map((pool) => {
    const { now, boot } = drafts[poolId(pool)] ?? draftOf(pool);
    return { pool, now: pagesIn(now), boot: pagesIn(boot) };
  });
  if (wanted.some(({ now, boot }) => now === undefined || boot === undefined)) return undefined;
  const changes = wanted.flatMap(({ pool, now = 0, boot = 0 }): readonly (HugePageChange & { readonly growsMiB: number })[] => {
    const { numaNode, pageSize, pageMiB, total, atBoot } = pool;
    return [
      ...(now === total ? [] : [{ numaNode, pageSize, count: now, when: 'now' as const, growsMiB: (now - total) * pageMiB }]),
      ...(boot === atBoot ? [] : [{ numaNode, pageSize, count: boot, when: 'boot' as const, growsMiB: 0 }]),
    ];
  });
  return changes.toSorted((a, b) => a.growsMiB - b.growsMiB).map(({ growsMiB: _growsMiB, ...change }) => change);
}
