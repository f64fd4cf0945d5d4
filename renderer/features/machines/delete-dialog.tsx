// Owns asking before machines are deleted: names them, says what is kept, and wants the name typed when disks go too.
// Must not delete anything that another machine uses.
import {
  Alert,
  Button,
  Checkbox,
  Content,
  Form,
  FormGroup,
  List,
  ListItem,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextInput,
} from '@patternfly/react-core';
import { type FormEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { useList } from '../../client/hooks.ts';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';
import { deleteMachine } from './delete-machine.ts';
import { disksToDelete } from './deletable-disks.ts';
import type { MachineView } from './machine-view.ts';

export function DeleteDialog({ machines, onClose }: { readonly machines: readonly MachineView[]; readonly onClose: () => void }) {
  const { t } = useTranslation('machines');
  const client = useClient();
  const { items: vms } = useList('virtualmachines.kubevirt.io');
  const [withDisks, setWithDisks] = useState(false);
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const plans = useMemo(() => machines.map((machine) => ({ machine, ...disksToDelete(machine, machines, vms) })), [machines, vms]);
  const disks = plans.flatMap((plan) => plan.deletable);
  const shared = [...new Set(plans.flatMap((plan) => plan.shared))];
  // One name for one machine; for several the number, which is what one is likely to get wrong.
  const proof = machines.length === 1 ? machines[0]!.name : String(machines.length);
  const running = machines.filter(({ state }) => state.phase === 'Running').length;
  const ready = !busy && (!withDisks || typed.trim() === proof);

  const submit = async (): Promise<void> => {
    setBusy(true);
    try {
      for (const { machine, deletable } of plans) await deleteMachine(client, { machine, disks: withDisks ? deletable : [] });
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) void submit();
  };

  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby="delete-title">
      <ModalHeader
        titleIconVariant="danger"
        labelId="delete-title"
        title={machines.length === 1 ? t('delete.title', { name: proof }) : t('delete.titleMany', { number: proof })}
      />
      <ModalBody>
        <Form id="delete-form" onSubmit={onSubmit}>
          {error !== undefined && <FormFailure title={t('failed.delete')} failure={failureOf(error)} />}
          {machines.length > 1 && <Names names={machines.map(({ name }) => name)} />}
          {running > 0 && (
            <Alert
              component="p"
              isInline
              isPlain
              variant="warning"
              title={machines.length === 1 ? t('delete.running') : t('delete.runningMany', { count: running })}
            />
          )}
          <Content component="p">
            {withDisks ? t('delete.takesDisks') : disks.length > 0 ? t('delete.keepsDisks') : t('delete.noDisks')}
          </Content>
          {disks.length > 0 && (
            <Checkbox
              id="delete-disks"
              label={t('delete.withDisks', { count: disks.length })}
              isChecked={withDisks}
              onChange={(_event, checked) => setWithDisks(checked)}
              body={<Names names={disks} />}
            />
          )}
          {shared.length > 0 && <Content component="small">{t('delete.shared', { disks: shared.join(', ') })}</Content>}
          {withDisks && (
            <FormGroup label={t('delete.type', { proof })} fieldId="delete-proof" isRequired>
              <TextInput id="delete-proof" value={typed} onChange={(_event, value) => setTyped(value)} autoComplete="off" isRequired />
            </FormGroup>
          )}
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button variant="danger" type="submit" form="delete-form" isDisabled={!ready} isLoading={busy}>
          {t('action.delete')}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('cancel', { ns: 'words' })}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

const shownNames = 8;

function Names({ names }: { readonly names: readonly string[] }) {
  const { t } = useTranslation('machines');
  const rest = names.length - shownNames;
  return (
    <List>
      {names.slice(0, shownNames).map((name) => (
        <ListItem key={name}>{name}</ListItem>
      ))}
      {rest > 0 && <ListItem>{t('delete.more', { count: rest })}</ListItem>}
    </List>
  );
}
