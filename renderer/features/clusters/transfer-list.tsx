// Owns the list of machines on their way and arrived: how far each is, why one failed, and the button that stops it.
// Must not be shown while there is none.
import { Button, Flex, Label, Progress, Title } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Transfer } from '../../../electron/api/kinds/transfer.ts';
import { useClient } from '../../client/context.tsx';
import { useList } from '../../client/hooks.ts';
import { placeBase } from '../../client/place.ts';
import { CauseList } from '../../ui/cause-list.tsx';
import { useFormats } from '../../ui/formats-context.tsx';
import { Moment } from '../../ui/moment.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { transferView } from './transfer-view.ts';

const columns = ['machine', 'way', 'state', 'since'] as const;

export function TransferList() {
  const { t } = useTranslation('clusters');
  const client = useClient();
  const { fail } = useNotices();
  const { items } = useList('transfers.virtdeck.io');
  if (items.length === 0) return null;
  const newest = items.toSorted((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp));
  const finished = items.filter((transfer) => transferView(transfer).isOver);
  const remove = ({ metadata: { namespace, name } }: Transfer): void => {
    client
      .delete({ resource: 'transfers.virtdeck.io', namespace, name })
      .catch((error: unknown) => fail(t('transfer.notStopped', { name }), error));
  };
  return (
    <section aria-labelledby="transfers-title" className="vd-foreign">
      <Flex justifyContent={{ default: 'justifyContentSpaceBetween' }}>
        <Title headingLevel="h2" id="transfers-title" className="vd-page-title">
          {t('transfer.list')}
        </Title>
        {finished.length > 0 && (
          <Button variant="link" onClick={() => finished.forEach(remove)}>
            {t('transfer.clear')}
          </Button>
        )}
      </Flex>
      <Table variant="compact" aria-labelledby="transfers-title">
        <Thead>
          <Tr>
            {columns.map((column) => (
              <Th key={column}>{t(`transfer.column.${column}`)}</Th>
            ))}
            <Th screenReaderText={t('column.actions')} />
          </Tr>
        </Thead>
        <Tbody>
          {newest.map((transfer) => {
            const { direction, connection, machine } = transfer.spec;
            const isOver = transferView(transfer).isOver;
            return (
              <Tr key={transfer.metadata.uid}>
                <Td dataLabel={t('transfer.column.machine')}>
                  <Arrived transfer={transfer} />
                </Td>
                <Td dataLabel={t('transfer.column.way')}>{t(`transfer.way.${direction}`, { connection })}</Td>
                <Td dataLabel={t('transfer.column.state')}>
                  <State transfer={transfer} />
                </Td>
                <Td dataLabel={t('transfer.column.since')} modifier="nowrap">
                  <Moment time={transfer.metadata.creationTimestamp} />
                </Td>
                <Td isActionCell>
                  <Button
                    variant="link"
                    isDanger={!isOver}
                    isDisabled={transfer.metadata.deletionTimestamp !== undefined}
                    aria-label={t(isOver ? 'transfer.forgetOf' : 'transfer.stopOf', { name: machine })}
                    onClick={() => remove(transfer)}
                  >
                    {t(isOver ? 'transfer.forget' : 'transfer.stop')}
                  </Button>
                </Td>
              </Tr>
            );
          })}
        </Tbody>
      </Table>
    </section>
  );
}

function Arrived({ transfer: { spec, status } }: { readonly transfer: Transfer }) {
  const { arrived } = status ?? {};
  if (arrived === undefined) return spec.machine;
  const base = placeBase(spec.direction === 'send' ? spec.connection : undefined);
  return (
    <Link href={`~${base}/machines/${encodeURIComponent(arrived.namespace)}/${encodeURIComponent(arrived.name)}`}>{arrived.name}</Link>
  );
}

function State({ transfer }: { readonly transfer: Transfer }) {
  const { t } = useTranslation('clusters');
  const formats = useFormats();
  const { state, percent, doneBytes, totalBytes, message } = transferView(transfer);
  if (state === 'copying') {
    const title =
      totalBytes === 0
        ? t('transfer.state.copying')
        : t('transfer.done', { done: formats.bytes(doneBytes), total: formats.bytes(totalBytes) });
    return <Progress size="sm" value={percent} title={title} aria-label={t('transfer.state.copying')} />;
  }
  const causes = transfer.status?.causes ?? [];
  return (
    <>
      <Label isCompact status={state === 'done' ? 'success' : state === 'failed' ? 'danger' : 'info'}>
        {t(`transfer.state.${state}`)}
      </Label>
      {state === 'failed' && <CauseList causes={causes.length > 0 ? causes : [{ message }]} />}
      {state === 'stopping' && message !== '' && <CauseList causes={[{ message }]} />}
    </>
  );
}
