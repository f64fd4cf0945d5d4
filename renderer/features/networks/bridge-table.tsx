// Owns the table of this computer's bridges.
// Must not remove; the page does.
import { EmptyState, EmptyStateBody, Label } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';
import type { BridgeReport } from '../../../electron/api/networks.ts';
import { RowMenu } from '../../ui/row-menu.tsx';
import type { NetworkView } from './network-view.ts';

const columns = ['name', 'state', 'vlans', 'uplinks', 'networks'] as const;

export interface BridgeTableProps {
  readonly bridges: readonly BridgeReport[];
  readonly networks: readonly NetworkView[];
  readonly onRemove: (name: string) => void;
}

export function BridgeTable({ bridges, networks, onRemove }: BridgeTableProps) {
  const { t } = useTranslation('networks');
  if (bridges.length === 0) {
    return (
      <EmptyState variant="xs" titleText={t('bridges.emptyTitle')} headingLevel="h3">
        <EmptyStateBody>{t('bridges.emptyBody')}</EmptyStateBody>
      </EmptyState>
    );
  }
  return (
    <Table variant="compact" aria-label={t('bridges.title')}>
      <Thead>
        <Tr>
          {columns.map((column) => (
            <Th key={column}>{t(`bridges.column.${column}`)}</Th>
          ))}
          <Th screenReaderText={t('bridges.column.actions')} />
        </Tr>
      </Thead>
      <Tbody>
        {bridges.map(({ name, up, vlanFiltering, uplinks, ownedByVirtdeck }) => (
          <Tr key={name}>
            <Td dataLabel={t('bridges.column.name')}>
              <strong>{name}</strong>
            </Td>
            <Td dataLabel={t('bridges.column.state')}>
              <Label isCompact color={up ? 'green' : 'grey'}>
                {t(`bridges.state.${up ? 'up' : 'down'}`)}
              </Label>
            </Td>
            <Td dataLabel={t('bridges.column.vlans')}>{t(`bridges.vlan.${vlanFiltering}`)}</Td>
            <Td dataLabel={t('bridges.column.uplinks')}>
              {uplinks.length === 0 ? <span className="vd-subtle">{t('bridges.noUplink')}</span> : uplinks.join(', ')}
            </Td>
            <Td dataLabel={t('bridges.column.networks')}>
              {networks
                .filter(({ bridge }) => bridge === name)
                .map((network) => network.name)
                .join(', ') || '–'}
            </Td>
            <Td isActionCell>
              <RowMenu
                name={name}
                items={[
                  {
                    title: t('bridges.remove'),
                    isDanger: true,
                    isAriaDisabled: !ownedByVirtdeck,
                    description: ownedByVirtdeck ? undefined : t('bridges.foreign'),
                    onClick: () => ownedByVirtdeck && onRemove(name),
                  },
                ]}
              />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
