// Owns what the project's quotas leave for the memory of a new machine, said beside its size.
// Must not refuse; the start check does, with what runs the guest counted as well.
import { Content } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useList } from '../../client/hooks.ts';
import { mebibytesText } from '../../ui/size-text.ts';
import { memoryRooms } from './memory-room.ts';

export function QuotaRoom({ namespace, memoryMiB }: { readonly namespace: string; readonly memoryMiB: number | undefined }) {
  const { t, i18n } = useTranslation('quotas');
  const rooms = memoryRooms(useList('resourcequotas').items, namespace);
  const text = (miB: number): string => mebibytesText(miB, i18n.language);
  return rooms.map(({ name, leftMiB }) => (
    <Content component="small" key={name}>
      {t('takes', { taken: text(memoryMiB ?? 0), left: text(leftMiB), name })}
    </Content>
  ));
}
