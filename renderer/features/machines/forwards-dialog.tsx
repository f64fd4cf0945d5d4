// Owns editing the port forwards of a machine.
// Must not check whether a port of this computer is free; the core does at the start.
import {
  Alert,
  Button,
  Form,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextInput,
} from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { MinusCircleIcon } from '@patternfly/react-icons/dist/esm/icons/minus-circle-icon';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';
import { type ForwardDraft, forwardDrafts, forwardsOf, forwardsPatch, forwardsProblem } from './forward-edits.ts';
import type { MachineView } from './machine-view.ts';

export function ForwardsDialog({ machine, onClose }: { readonly machine: MachineView; readonly onClose: () => void }) {
  const { t } = useTranslation('machines');
  const client = useClient();
  const [rows, setRows] = useState(() => forwardDrafts(machine.vm));
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const problem = forwardsProblem(rows);
  const { namespace, name, vm } = machine;
  const change = (index: number, part: Partial<ForwardDraft>): void =>
    setRows(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      await client.patch({ resource: 'virtualmachines.kubevirt.io', namespace, name }, forwardsPatch(vm, forwardsOf(rows)));
      onClose();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (problem === undefined && !busy) void save();
  };
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-labelledby="forwards-title">
      <ModalHeader labelId="forwards-title" title={t('forwards.title')} description={t('forwards.note')} />
      <ModalBody>
        <Form id="forwards-form" onSubmit={onSubmit}>
          {error !== undefined && <FormFailure title={t('failed.save')} failure={failureOf(error)} />}
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
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form="forwards-form" isDisabled={problem !== undefined || busy} isLoading={busy}>
          {t('save', { ns: 'words' })}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('cancel', { ns: 'words' })}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

function nextKey(rows: readonly ForwardDraft[]): number {
  return Math.max(0, ...rows.map(({ key }) => key)) + 1;
}
