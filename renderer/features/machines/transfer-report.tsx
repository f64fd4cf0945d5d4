// Owns showing what becomes of a machine on its way: what stands against it, each field that changes, each disk with its size.
// Must not decide any of it.
import { Alert, Content, Label, type LabelProps, Skeleton } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Remark, TransferReview, TransferSpec } from '../../../electron/api/kinds/transfer.ts';
import { useHome } from '../../client/context.tsx';
import { type Loaded, useLoaded } from '../../client/hooks.ts';
import { CauseList } from '../../ui/cause-list.tsx';
import { FormFailure } from '../../ui/form-failure.tsx';
import { useFormats } from '../../ui/formats-context.tsx';
import { failureOf } from '../../ui/notices.tsx';
import { useSentences } from '../../ui/sentences.tsx';

export function useTransferReview(namespace: string, spec: TransferSpec): Loaded<TransferReview> {
  const { client } = useHome();
  const text = JSON.stringify(spec);
  return useLoaded(
    useCallback(
      (signal: AbortSignal) => client.reviewTransfer(namespace, JSON.parse(text) as TransferSpec, signal),
      [client, namespace, text],
    ),
  );
}

const colours: Readonly<Record<Remark['type'], LabelProps['color']>> = {
  changed: 'blue',
  removed: 'orange',
  needed: 'purple',
  unknown: 'grey',
};

export function TransferReport({ review }: { readonly review: Loaded<TransferReview> }) {
  const { t } = useTranslation('clusters');
  const formats = useFormats();
  if (review.phase === 'failed') return <FormFailure title={t('transfer.reviewFailed')} failure={failureOf(review.error)} />;
  if (review.value === undefined) return <Skeleton height="6rem" screenreaderText={t('transfer.asking')} />;
  const { causes, remarks, disks } = review.value;
  return (
    <div aria-live="polite">
      {causes.length > 0 && (
        <Alert component="p" isInline variant="danger" title={t('transfer.cannot', { count: causes.length })}>
          <CauseList causes={causes} />
        </Alert>
      )}
      {causes.length === 0 && remarks.length === 0 && <Alert component="p" isInline variant="success" title={t('transfer.asItIs')} />}
      {disks.length > 0 && (
        <Content component="p">
          {t('transfer.disksToGo', { list: disks.map(({ claim, sizeBytes }) => `${claim} (${formats.bytes(sizeBytes)})`).join(', ') })}
        </Content>
      )}
      {remarks.length > 0 && <Remarks remarks={remarks} />}
    </div>
  );
}

export function Remarks({ remarks }: { readonly remarks: readonly Remark[] }) {
  const { t } = useTranslation('clusters');
  const say = useSentences();
  return (
    <Table variant="compact" aria-label={t('transfer.remarks')}>
      <Thead>
        <Tr>
          <Th>{t('transfer.column.type')}</Th>
          <Th>{t('transfer.column.field')}</Th>
          <Th>{t('transfer.column.message')}</Th>
        </Tr>
      </Thead>
      <Tbody>
        {remarks.map(({ type, field, message }) => (
          <Tr key={`${type} ${field} ${message}`}>
            <Td dataLabel={t('transfer.column.type')}>
              <Label isCompact color={colours[type]}>
                {t(`transfer.type.${type}`)}
              </Label>
            </Td>
            <Td dataLabel={t('transfer.column.field')} modifier="breakWord" className="vd-mono">
              {field}
            </Td>
            <Td dataLabel={t('transfer.column.message')} modifier="breakWord">
              {say(message)}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
