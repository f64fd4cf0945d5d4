// Owns what is offered for reasons in the memory: none asked for, pages that are not there or are not filled.
// Must not take less than the guest was given: what it needs is not known here.
import type { FixAction } from '../../../api/fix-actions.ts';
import { bytesOf } from '../../../api/quantity.ts';
import { guestMemory } from '../devices/memory.ts';
import { type Asked, type FixRow, added, change, removed } from './fix-row.ts';

const memory = '/spec/domain/memory';
const mebibyte = 1024 * 1024;
const ordinary = change('Use ordinary memory', removed(`${memory}/hugepages`));

export const memoryFixes: readonly FixRow[] = [
  {
    reason: 'FieldValueRequired',
    field: /^spec\.domain\.memory\.guest$/,
    offer: ({ vmi }) => {
      const isThere = vmi.spec.domain.memory !== undefined;
      return [change('Give it 1 GiB of memory', isThere ? added(`${memory}/guest`, '1Gi') : added(memory, { guest: '1Gi' }))];
    },
  },
  {
    reason: ['FieldValueNotSupported', 'InsufficientResource'],
    field: /^spec\.domain\.memory\.hugepages\.pageSize$/,
    offer: ({ vmi }) => (vmi.spec.domain.memory?.hugepages === undefined ? [] : [ordinary]),
  },
  { reason: 'FieldValueInvalid', field: /^spec\.domain\.memory\.hugepages\.pageSize$/, offer: (asked) => [...wholePages(asked), ordinary] },
];

/** Up to the next whole page: nobody loses memory by it. */
function wholePages({ vmi }: Asked): readonly FixAction[] {
  const page = bytesOf(vmi.spec.domain.memory?.hugepages?.pageSize);
  const guest = guestMemory(vmi);
  if (page === undefined || page < mebibyte || guest === undefined) return [];
  const mib = Math.ceil((guest.mib * mebibyte) / page) * (page / mebibyte);
  return [change(`Give it ${mib} MiB of memory`, added(`${memory}/guest`, `${mib}Mi`))];
}
