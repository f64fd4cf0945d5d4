// Owns telling the user how a transfer ended, wherever the window works by then.
// Must not tell of what ended before the window opened.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useHomeList } from '../client/hooks.ts';
import { placeBase } from '../client/place.ts';
import { transferView } from '../features/clusters/transfer-view.ts';
import { useLocation } from 'wouter';
import { useNotices } from '../ui/notices.tsx';

export function TransferNotices() {
  const { t } = useTranslation('clusters');
  const { phase, items } = useHomeList('transfers.virtdeck.io');
  const { add, fail } = useNotices();
  const [, navigate] = useLocation();
  /** Uids of those whose end is no news; undefined until the first list is there. */
  const over = useRef<ReadonlySet<string>>(undefined);
  useEffect(() => {
    if (phase !== 'ready') return;
    const before = over.current;
    const ended = items.filter((transfer) => transferView(transfer).isOver);
    over.current = new Set(ended.map(({ metadata }) => metadata.uid));
    if (before === undefined) return;
    for (const { metadata, spec, status } of ended) {
      if (before.has(metadata.uid)) continue;
      const { arrived, causes = [], message = '' } = status ?? {};
      if (arrived === undefined) {
        fail(t(`transfer.ended.failed`, { name: spec.machine }), Object.assign(new Error(message), { causes }));
        continue;
      }
      const base = placeBase(spec.direction === 'send' ? spec.connection : undefined);
      const address = `~${base}/machines/${encodeURIComponent(arrived.namespace)}/${encodeURIComponent(arrived.name)}`;
      add({
        variant: 'success',
        title: t(`transfer.ended.${spec.direction}`, { name: arrived.name, connection: spec.connection }),
        action: { label: t('transfer.open'), run: () => navigate(address) },
      });
    }
  }, [phase, items, add, fail, navigate, t]);
  return null;
}
