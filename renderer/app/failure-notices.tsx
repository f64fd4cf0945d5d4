// Owns telling the user of failures while the window is open: a notice in it, and one of the desktop when it is not looked at.
// Must not tell of what happened before the window opened.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useList } from '../client/hooks.ts';
import { eventRows } from '../features/events/event-row.ts';
import { useNotices } from '../ui/notices.tsx';

export function FailureNotices() {
  const { t } = useTranslation('failures');
  const { phase, items } = useList('events');
  const { add } = useNotices();
  /** Ids of evidence that are no news; undefined until the first list is there. */
  const told = useRef<Set<string>>(undefined);
  useEffect(() => {
    if (phase !== 'ready') return;
    const rows = eventRows(items).filter(({ evidence }) => evidence !== undefined);
    const before = told.current;
    told.current = new Set([...(before ?? []), ...rows.flatMap(({ evidence }) => evidence ?? [])]);
    if (before === undefined) return;
    for (const { evidence, name, message } of rows) {
      if (evidence === undefined || before.has(evidence)) continue;
      const title = t('notice', { name, message });
      add({ variant: 'warning', title });
      if (document.hidden) notifyDesktop(title, evidence);
    }
  }, [phase, items, add, t]);
  return null;
}

/** Only where the user allowed it in Settings; in the desktop shell its own notifications come instead. */
function notifyDesktop(title: string, tag: string): void {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted') return;
  const notification = new Notification(title, { tag });
  notification.addEventListener('click', () => window.focus());
}
