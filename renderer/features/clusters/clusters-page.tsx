// Owns the page of clusters: the connections that there are, what each can be used for, and why one cannot.
// Must not ask a cluster anything; the core does.
import {
  Button,
  Content,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  Flex,
  FlexItem,
  PageSection,
  Skeleton,
  Title,
} from '@patternfly/react-core';
import { ClusterIcon } from '@patternfly/react-icons/dist/esm/icons/cluster-icon';
import { Table, Tbody, Th, Thead, Tr } from '@patternfly/react-table';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { useList } from '../../client/hooks.ts';
import { useNotices } from '../../ui/notices.tsx';
import { AddDialog } from './add-dialog.tsx';
import { TransferList } from './transfer-list.tsx';
import { ConnectionRow } from './connection-row.tsx';

const columns = ['name', 'state', 'project', 'address'] as const;

export function ClustersPage() {
  const { t } = useTranslation('clusters');
  const client = useClient();
  const { fail } = useNotices();
  const { phase, items } = useList('connections.virtdeck.io');
  const [isAdding, setAdding] = useState(false);
  const names = items.map(({ metadata }) => metadata.name);
  const remove = (name: string): void => {
    client.delete({ resource: 'connections.virtdeck.io', name }).catch((error: unknown) => fail(t('failed.remove', { name }), error));
  };
  return (
    <PageSection isFilled>
      <Flex justifyContent={{ default: 'justifyContentSpaceBetween' }} alignItems={{ default: 'alignItemsFlexStart' }}>
        <FlexItem flex={{ default: 'flex_1' }}>
          <Title headingLevel="h1">{t('title')}</Title>
          <Content component="p" className="vd-page-title vd-subtle">
            {t('note')}
          </Content>
        </FlexItem>
        {items.length > 0 && (
          <FlexItem>
            <Button onClick={() => setAdding(true)}>{t('add.open')}</Button>
          </FlexItem>
        )}
      </Flex>
      {phase === 'loading' && <Skeleton height="12rem" screenreaderText={t('loading', { ns: 'words' })} />}
      {phase === 'ready' && items.length === 0 && <Nothing onAdd={() => setAdding(true)} />}
      {items.length > 0 && (
        <Table variant="compact" aria-label={t('title')}>
          <Thead>
            <Tr>
              {columns.map((column) => (
                <Th key={column}>{t(`column.${column}`)}</Th>
              ))}
              <Th screenReaderText={t('column.actions')} />
            </Tr>
          </Thead>
          <Tbody>
            {items.map((connection) => (
              <ConnectionRow key={connection.metadata.uid} connection={connection} onRemove={() => remove(connection.metadata.name)} />
            ))}
          </Tbody>
        </Table>
      )}
      <TransferList />
      {isAdding && <AddDialog taken={names} onClose={() => setAdding(false)} />}
    </PageSection>
  );
}

function Nothing({ onAdd }: { readonly onAdd: () => void }) {
  const { t } = useTranslation('clusters');
  return (
    <EmptyState icon={ClusterIcon} titleText={t('empty.title')} headingLevel="h2">
      <EmptyStateBody>{t('empty.body')}</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button onClick={onAdd}>{t('add.open')}</Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}
