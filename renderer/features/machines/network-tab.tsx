// Owns the network interfaces of one machine: addresses, hardware address, model, port forwards.
// Must not change anything but the port forwards.
import { Button, EmptyState, EmptyStateBody } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ForwardsDialog } from './forwards-dialog.tsx';
import { machineInterfaces } from './machine-networks.ts';
import type { MachineView } from './machine-view.ts';
import { PortForwards } from './port-forward-list.tsx';
import { TitledCard } from '../../ui/titled-card.tsx';

const columns = ['name', 'connection', 'model', 'mac', 'addresses', 'forwards'] as const;

export function NetworkTab({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('machines');
  const [editing, setEditing] = useState(false);
  const interfaces = machineInterfaces(machine);
  const edit = (
    <Button variant="secondary" onClick={() => setEditing(true)}>
      {t('forwards.title')}
    </Button>
  );
  return (
    <TitledCard title={t('tab.network')} actions={interfaces.some(({ network }) => network === 'pod') ? edit : undefined}>
      {interfaces.length === 0 ? (
        <EmptyState variant="xs" titleText={t('network.emptyTitle')} headingLevel="h3">
          <EmptyStateBody>{t('network.emptyBody')}</EmptyStateBody>
        </EmptyState>
      ) : (
        <Table variant="compact" aria-label={t('tab.network')}>
          <Thead>
            <Tr>
              {columns.map((column) => (
                <Th key={column}>{t(`network.column.${column}`)}</Th>
              ))}
            </Tr>
          </Thead>
          <Tbody>
            {interfaces.map(({ name, binding, networkName, model, mac, addresses, network }) => (
              <Tr key={name}>
                <Td dataLabel={t('network.column.name')}>{name}</Td>
                <Td dataLabel={t('network.column.connection')}>
                  {t(`network.binding.${binding}`)} {networkName !== undefined && <span className="vd-subtle">{networkName}</span>}
                </Td>
                <Td dataLabel={t('network.column.model')}>{model ?? 'virtio'}</Td>
                <Td dataLabel={t('network.column.mac')}>
                  {mac === undefined ? (
                    '–'
                  ) : (
                    <span className="vd-figure vd-mono">
                      {mac}
                      <CopyButton text={mac} label={t('network.copyMac')} doneLabel={t('copied', { ns: 'words' })} />
                    </span>
                  )}
                </Td>
                <Td dataLabel={t('network.column.addresses')}>{addresses.length === 0 ? '–' : addresses.join(', ')}</Td>
                <Td dataLabel={t('network.column.forwards')}>{network === 'pod' ? <PortForwards object={machine.vm} /> : '–'}</Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      )}
      {editing && <ForwardsDialog machine={machine} onClose={() => setEditing(false)} />}
    </TitledCard>
  );
}
