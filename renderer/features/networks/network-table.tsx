// Owns the table of networks that machines can be put on.
// Must not delete; the page does.
import { EmptyState, EmptyStateBody, Label } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';
import type { BridgeReport } from '../../../electron/api/networks.ts';
import { RowMenu } from '../../ui/row-menu.tsx';
import { MachineLink } from './machine-link.tsx';
import type { NetworkView } from './network-view.ts';

const columns = ['name', 'connection', 'vlan', 'usedBy'] as const;

export interface NetworkTableProps {
  readonly networks: readonly NetworkView[];
  /** Undefined until this computer has answered. */
  readonly bridges: readonly BridgeReport[] | undefined;
  /** Absent: only to be looked at. */
  readonly onDelete: ((network: NetworkView) => void) | undefined;
}

export function NetworkTable({ networks, bridges, onDelete }: NetworkTableProps) {
  const { t } = useTranslation('networks');
  if (networks.length === 0) {
    return (
      <EmptyState variant="xs" titleText={t('list.emptyTitle')} headingLevel="h3">
        <EmptyStateBody>{t('list.emptyBody')}</EmptyStateBody>
      </EmptyState>
    );
  }
  return (
    <Table variant="compact" aria-label={t('list.title')}>
      <Thead>
        <Tr>
          {columns.map((column) => (
            <Th key={column}>{t(`list.column.${column}`)}</Th>
          ))}
          {onDelete !== undefined && <Th screenReaderText={t('list.column.actions')} />}
        </Tr>
      </Thead>
      <Tbody>
        {networks.map((network) => (
          <Tr key={network.id}>
            <Td dataLabel={t('list.column.name')} modifier="breakWord">
              <strong>{network.name}</strong>
            </Td>
            <Td dataLabel={t('list.column.connection')}>
              <Connection network={network} isHere={bridges?.some(({ name }) => name === network.bridge) ?? true} />
            </Td>
            <Td dataLabel={t('list.column.vlan')}>{network.vlan ?? t('list.anyVlan')}</Td>
            <Td dataLabel={t('list.column.usedBy')}>
              <Users network={network} />
            </Td>
            {onDelete !== undefined && (
              <Td isActionCell>
                <RowMenu
                  name={network.name}
                  items={[
                    {
                      title: t('list.delete'),
                      isDanger: true,
                      onClick: () => onDelete(network),
                    },
                  ]}
                />
              </Td>
            )}
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function Connection({ network, isHere }: { readonly network: NetworkView; readonly isHere: boolean }) {
  const { t } = useTranslation('networks');
  const { functions } = network;
  const label = network.onlyOwnAddress && (
    <Label isCompact color="blue">
      {t('list.onlyOwn')}
    </Label>
  );
  if (functions !== undefined) {
    return (
      <>
        {t('list.functions')} <span className="vd-subtle">{functions.resourceName ?? t('list.noResource')}</span> {label}
      </>
    );
  }
  if (network.bridge === undefined) {
    return (
      <Label isCompact color="red">
        {t('list.unreadable')}
      </Label>
    );
  }
  return (
    <>
      {network.bridge} {label}
      {!isHere && <p className="vd-subtle">{t('list.noBridge', { bridge: network.bridge })}</p>}
    </>
  );
}

function Users({ network: { usedBy } }: { readonly network: NetworkView }) {
  const { t } = useTranslation('networks');
  if (usedBy.length === 0) return <span className="vd-subtle">{t('list.unused')}</span>;
  return usedBy.map((user) => <MachineLink key={`${user.namespace}/${user.name}`} user={user} className="vd-listed" />);
}
