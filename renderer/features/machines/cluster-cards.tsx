// Owns what a machine of a cluster has that one of this computer has not: a move from node to node, and conditions that others wrote.
// Must not start or stop a move: the cluster's scheduler does.
import { DescriptionList } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';
import { Moment } from '../../ui/moment.tsx';
import { TitledCard } from '../../ui/titled-card.tsx';
import { Row } from './detail-row.tsx';
import { foreignConditions, type Migration, migrationOf } from './cluster-facts.ts';
import type { MachineView } from './machine-view.ts';

export function MigrationCard({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('clusters');
  const migration = migrationOf(machine.vmi);
  if (migration === undefined) return null;
  return (
    <TitledCard title={t('migration.title')}>
      <DescriptionList isHorizontal isCompact>
        <Row term={t('migration.state')}>{t(`migration.${migration.state}`)}</Row>
        <Row term={t('migration.from')}>{migration.from}</Row>
        <Row term={t('migration.to')}>{migration.to}</Row>
        <Row term={t('migration.mode')}>{migration.mode}</Row>
        <Row term={t('migration.begun')}>
          <MomentOf migration={migration} />
        </Row>
        {migration.reason !== undefined && <Row term={t('migration.why')}>{migration.reason}</Row>}
      </DescriptionList>
    </TitledCard>
  );
}

function MomentOf({ migration: { begun } }: { readonly migration: Migration }) {
  return begun === undefined ? '–' : <Moment time={begun} />;
}

export function ConditionsCard({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('clusters');
  const conditions = foreignConditions(machine.vm, machine.vmi);
  if (conditions.length === 0) return null;
  return (
    <TitledCard title={t('conditions.title')}>
      <Table variant="compact" aria-label={t('conditions.title')} borders={false}>
        <Thead>
          <Tr>
            <Th>{t('conditions.type')}</Th>
            <Th>{t('conditions.status')}</Th>
            <Th>{t('conditions.message')}</Th>
          </Tr>
        </Thead>
        <Tbody>
          {conditions.map(({ type, status, text }) => (
            <Tr key={type}>
              <Td dataLabel={t('conditions.type')}>{type}</Td>
              <Td dataLabel={t('conditions.status')}>{status}</Td>
              <Td dataLabel={t('conditions.message')} modifier="breakWord">
                {text}
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </TitledCard>
  );
}
