// Owns `virtdeck hugepages` and `virtdeck hugepages reserve`.
// Must not judge what may be reserved; the API does, with every reason.
import type { HugePageReport } from '../../api/huge-pages.ts';
import { wholeNumber } from '../options.ts';
import { aligned } from '../print.ts';
import { UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';

const path = '/apis/virtdeck.io/v1alpha1/hugepages';

export interface HugePageOptions {
  readonly more?: string;
  readonly node: string;
  readonly boot?: true;
}

export async function hugePages(session: Session): Promise<void> {
  printPools(session, (await session.home.request({ path })) as HugePageReport);
}

export async function reserveHugePages(
  session: Session,
  { size, count, more, node, boot }: HugePageOptions & { readonly size: string; readonly count?: string },
): Promise<void> {
  if ((count === undefined) === (more === undefined)) throw new UsageError('Say either how many pages there are to be, or --more.');
  const body = {
    numaNode: wholeNumber('--node', node),
    pageSize: size,
    when: boot === true ? 'boot' : 'now',
    ...(count === undefined ? {} : { count: wholeNumber('count', count) }),
    ...(more === undefined ? {} : { more: wholeNumber('--more', more) }),
  };
  printPools(session, (await session.home.request({ method: 'POST', path, body })) as HugePageReport);
}

function printPools(session: Session, { items }: HugePageReport): void {
  const rows = items.map(({ numaNode, pageSize, total, free, atBoot }) => [numaNode, pageSize, total, free, atBoot].map(String));
  session.print(aligned([['NODE', 'SIZE', 'TOTAL', 'FREE', 'AT BOOT'], ...rows]).join('\n'));
}
