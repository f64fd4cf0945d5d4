// Owns the page of what only a cluster has: storage classes, live migrations and the like, as its own server prints them.
// Must not change any of it.
import { Alert, Content, PageSection, Skeleton, Title } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../client/api-error.ts';
import type { PrintedTable } from '../../client/client.ts';
import { useClient, usePlace } from '../../client/context.tsx';
import { type Loaded, useLoaded } from '../../client/hooks.ts';
import { type ForeignKind, foreignKinds, foreignPath } from './foreign-kinds.ts';

export function ClusterObjectsPage() {
  const { t } = useTranslation('clusters');
  return (
    <PageSection isFilled>
      <Title headingLevel="h1">{t('foreign.title')}</Title>
      <Content component="p" className="vd-page-title vd-subtle">
        {t('foreign.note')}
      </Content>
      {foreignKinds.map((kind) => (
        <Kind key={kind.id} kind={kind} />
      ))}
    </PageSection>
  );
}

const notServed = 404;

function Kind({ kind }: { readonly kind: ForeignKind }) {
  const { t } = useTranslation('clusters');
  const client = useClient();
  const { namespace, report } = usePlace();
  const path = foreignPath(kind, report?.everywhere === true ? undefined : namespace);
  const table = useLoaded(useCallback((signal: AbortSignal) => client.table(path, signal), [client, path]));
  if (table.phase === 'failed' && table.error instanceof ApiError && table.error.status === notServed) return null;
  return (
    <section aria-labelledby={`foreign-${kind.id}`} className="vd-foreign">
      <Title headingLevel="h2" id={`foreign-${kind.id}`}>
        {t(`foreign.kind.${kind.id}`)}
      </Title>
      <Printed table={table} label={`foreign-${kind.id}`} />
    </section>
  );
}

function Printed({ table, label }: { readonly table: Loaded<PrintedTable>; readonly label: string }) {
  const { t } = useTranslation(['clusters', 'words']);
  if (table.phase === 'failed') return <Alert component="p" isInline isPlain variant="info" title={table.error.message} />;
  if (table.value === undefined) return <Skeleton height="4rem" screenreaderText={t('words:loading')} />;
  const { columnDefinitions, rows = [] } = table.value;
  if (rows.length === 0) return <p className="vd-subtle">{t('words:none')}</p>;
  const shown = columnDefinitions.map((column, index) => ({ ...column, index })).filter(({ priority = 0 }) => priority === 0);
  return (
    <Table variant="compact" aria-labelledby={label}>
      <Thead>
        <Tr>
          {shown.map(({ name }) => (
            <Th key={name} modifier="nowrap">
              {name}
            </Th>
          ))}
        </Tr>
      </Thead>
      <Tbody>
        {rows.map(({ cells }, row) => (
          // oxlint-disable-next-line react/no-array-index-key -- a printed row has no other identity
          <Tr key={row}>
            {shown.map(({ name, index }) => (
              <Td key={name} dataLabel={name} modifier="breakWord">
                {cellText(cells[index])}
              </Td>
            ))}
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function cellText(cell: unknown): string {
  return typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean' ? String(cell) : '–';
}
