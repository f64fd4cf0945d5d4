// Owns the network interfaces of one machine: addresses, hardware address, model, port forwards.
// Must not know how a change is written; card-edits.ts and forward-edits.ts do.
import { Alert, Button, EmptyState, EmptyStateBody, Stack, StackItem, Switch } from '@patternfly/react-core';
import { TrashIcon } from '@patternfly/react-icons/dist/esm/icons/trash-icon';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient, useIsComputer } from '../../client/context.tsx';
import { useList } from '../../client/hooks.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { AddCardMenu } from './add-card-menu.tsx';
import { addCardPatch, cablePatch, takeOutPatch } from './card-edits.ts';
import { ForwardsDialog } from './forwards-dialog.tsx';
import type { Patch } from './machine-edits.ts';
import { cardHindrance, machineInterfaces } from './machine-networks.ts';
import type { MachineView } from './machine-view.ts';
import { PortForwards } from './port-forward-list.tsx';
import { useSentences } from '../../ui/sentences.tsx';
import { useNow } from '../../ui/ticking.ts';
import { TitledCard } from '../../ui/titled-card.tsx';

const columns = ['name', 'connection', 'model', 'mac', 'addresses'] as const;

export function NetworkTab({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation(['machines', 'networks']);
  const interfaces = machineInterfaces(machine);
  // A card of defaults, or of a run that is older than the definition, is not there to be changed.
  const defined = machine.vm.spec.template.spec?.domain.devices.interfaces ?? [];
  const isDefined = (card: string): boolean => defined.some(({ name }) => name === card);
  const client = useClient();
  const isComputer = useIsComputer();
  const { fail } = useNotices();
  const { namespace, name: machineName } = machine;
  const change = (patch: Patch): void => {
    client.patch({ resource: 'virtualmachines.kubevirt.io', namespace, name: machineName }, patch).catch((error: unknown) => {
      fail(t('failed.save'), error);
    });
  };
  const actions = <AddCardMenu namespace={namespace} onAdd={(card) => change(addCardPatch(machine.vm, card))} />;
  return (
    <Stack hasGutter>
      <StackItem>
        <TitledCard title={t('tab.network')} actions={actions}>
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
                  <Th>{t('card.cable', { ns: 'networks' })}</Th>
                  <Th screenReaderText={t('column.actions')} />
                </Tr>
              </Thead>
              <Tbody>
                {interfaces.map(({ name, binding, networkName, model, mac, addresses, network, isIn }) => (
                  <Tr key={name}>
                    <Td dataLabel={t('network.column.name')}>{name}</Td>
                    <Td dataLabel={t('network.column.connection')}>
                      {t(`network.binding.${binding}`)} {networkName !== undefined && <span className="vd-subtle">{networkName}</span>}
                    </Td>
                    <Td dataLabel={t('network.column.model')}>{binding === 'sriov' ? '–' : (model ?? 'virtio')}</Td>
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
                    <Td dataLabel={t('card.cable', { ns: 'networks' })}>
                      {binding === 'sriov' ? (
                        '–'
                      ) : (
                        <Switch
                          aria-label={t('card.cableOf', { ns: 'networks', name })}
                          isChecked={isIn}
                          isDisabled={!isDefined(name)}
                          onChange={(_event, on) => change(cablePatch(machine.vm, name, on))}
                        />
                      )}
                    </Td>
                    <Td isActionCell>
                      {network === 'multus' && isDefined(name) && (
                        <Button
                          variant="plain"
                          icon={<TrashIcon />}
                          aria-label={t('card.takeOut', { ns: 'networks', name })}
                          onClick={() => change(takeOutPatch(machine.vm, name))}
                        />
                      )}
                    </Td>
                  </Tr>
                ))}
              </Tbody>
            </Table>
          )}
          <WaitingCard machine={machine} />
        </TitledCard>
      </StackItem>
      {isComputer && interfaces.some(({ network }) => network === 'pod') && (
        <StackItem>
          <ForwardsCard machine={machine} />
        </StackItem>
      )}
    </Stack>
  );
}

/** A card that cannot be plugged in is tried again and again; each try says why. */
function WaitingCard({ machine: { namespace, name, state } }: { readonly machine: MachineView }) {
  const { t } = useTranslation('networks');
  const say = useSentences();
  const now = useNow();
  const { items } = useList('events');
  const why = state.phase === 'Running' ? cardHindrance(items, { namespace, name, now }) : undefined;
  return why === undefined ? null : (
    <Alert component="p" isInline variant="warning" title={t('card.waiting')}>
      {say(why)}
    </Alert>
  );
}

function ForwardsCard({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('machines');
  const [editing, setEditing] = useState(false);
  const edit = (
    <Button variant="secondary" onClick={() => setEditing(true)}>
      {t('forwards.edit')}
    </Button>
  );
  return (
    <TitledCard title={t('forwards.title')} actions={edit}>
      <PortForwards machine={machine} />
      {editing && <ForwardsDialog machine={machine} onClose={() => setEditing(false)} />}
    </TitledCard>
  );
}
