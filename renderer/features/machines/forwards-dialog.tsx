// Owns editing the port forwards of a machine.
// Must not check whether a port of this computer is free; the core does at the start.
import { Alert, Button, FormHelperText, FormSelect, FormSelectOption, HelperText, HelperTextItem, TextInput } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { MinusCircleIcon } from '@patternfly/react-icons/dist/esm/icons/minus-circle-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { type ForwardDraft, forwardDrafts, forwardsOf, forwardsPatch, forwardsProblem } from './forward-edits.ts';
import type { MachineView } from './machine-view.ts';

export function ForwardsDialog({ machine, onClose }: { readonly machine: MachineView; readonly onClose: () => void }) {
  const { t } = useTranslation('machines');
  const client = useClient();
  const [rows, setRows] = useState(() => forwardDrafts(machine.vm));
  const problem = forwardsProblem(rows);
  const { namespace, name, vm } = machine;
  const change = (index: number, part: Partial<ForwardDraft>): void =>
    setRows(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  return (
    <FormDialog
      id="forwards"
      variant="medium"
      title={t('forwards.title')}
      note={t('forwards.note')}
      button={t('save', { ns: 'words' })}
      failed={t('failed.save')}
      isReady={problem === undefined}
      send={() => client.patch({ resource: 'virtualmachines.kubevirt.io', namespace, name }, forwardsPatch(vm, forwardsOf(rows)))}
      onClose={onClose}
    >
      <Table variant="compact" aria-label={t('forwards.title')} borders={false}>
        <Thead>
          <Tr>
            <Th>{t('forwards.host')}</Th>
            <Th>{t('forwards.guest')}</Th>
            <Th>{t('forwards.protocol')}</Th>
            <Th screenReaderText={t('column.actions')} />
          </Tr>
        </Thead>
        <Tbody>
          {rows.map((row, index) => (
            <Tr key={row.key}>
              <Td dataLabel={t('forwards.host')}>
                <TextInput
                  aria-label={t('forwards.host')}
                  inputMode="numeric"
                  value={row.host}
                  onChange={(_event, host) => change(index, { host })}
                />
              </Td>
              <Td dataLabel={t('forwards.guest')}>
                <TextInput
                  aria-label={t('forwards.guest')}
                  inputMode="numeric"
                  value={row.guest}
                  onChange={(_event, guest) => change(index, { guest })}
                />
              </Td>
              <Td dataLabel={t('forwards.protocol')}>
                <FormSelect
                  aria-label={t('forwards.protocol')}
                  value={row.protocol}
                  onChange={(_event, protocol) => change(index, { protocol: protocol === 'udp' ? 'udp' : 'tcp' })}
                >
                  <FormSelectOption value="tcp" label="TCP" />
                  <FormSelectOption value="udp" label="UDP" />
                </FormSelect>
              </Td>
              <Td isActionCell>
                <Button
                  variant="plain"
                  icon={<MinusCircleIcon />}
                  aria-label={t('forwards.remove')}
                  onClick={() => setRows(rows.filter((_row, at) => at !== index))}
                />
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
      <div>
        <Button variant="link" onClick={() => setRows([...rows, { key: nextKey(rows), host: '', guest: '', protocol: 'tcp' }])}>
          {t('forwards.add')}
        </Button>
      </div>
      {problem !== undefined && (
        <FormHelperText>
          <HelperText>
            <HelperTextItem variant="error">{t(`forwards.invalid.${problem}`)}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      )}
      {machine.state.phase === 'Running' && <Alert component="p" isInline isPlain variant="info" title={t('edit.afterRestart')} />}
    </FormDialog>
  );
}

function nextKey(rows: readonly ForwardDraft[]): number {
  return Math.max(0, ...rows.map(({ key }) => key)) + 1;
}
