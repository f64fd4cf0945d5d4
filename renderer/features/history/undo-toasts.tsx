// Owns the toast with Undo after every edit in a window.
// Must not undo without being pressed.
import { useEffect, useEffectEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Revision } from '../../../electron/api/revision.ts';
import { useServices } from '../../client/context.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { deservesToast, shortField } from './revision-row.ts';
import { useTakeBack } from './use-take-back.ts';

const namedFields = 3;

export function UndoToasts() {
  const { t } = useTranslation('history');
  const { revisions } = useServices();
  const { add, closeTagged } = useNotices();
  const { takeBack } = useTakeBack();
  const offer = useEffectEvent((revision: Revision | undefined) => {
    if (revision === undefined) return;
    if (revision.undoes !== undefined) closeTagged(revision.undoes);
    if (!deservesToast(revision)) return;
    const { name } = revision.object;
    const fields = revision.changes.slice(0, namedFields).map(({ field }) => shortField(field));
    add({
      tag: revision.metadata.name,
      variant: 'info',
      title: t(revision.operation === 'delete' ? 'toast.deleted' : 'toast.changed', { name }),
      ...(fields.length === 0 ? {} : { body: fields.join(', ') }),
      action: { label: t('undo'), run: () => void takeBack('undo', { id: revision.metadata.name, name }) },
    });
  });
  useEffect(() => revisions.subscribe((revision) => offer(revision)), [revisions]);
  return null;
}
