// Owns asking before machines are deleted: names them, says what is kept, and wants the name typed when disks go too.
// Must not delete anything that another machine uses.
import { Alert, Checkbox, Content, FormGroup, List, ListItem, TextInput } from '@patternfly/react-core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { useList } from '../../client/hooks.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { deleteMachine } from './delete-machine.ts';
import { disksToDelete } from './deletable-disks.ts';
import type { MachineView } from './machine-view.ts';

export function DeleteDialog({ machines, onClose }: { readonly machines: readonly MachineView[]; readonly onClose: () => void }) {
  const { t } = useTranslation('machines');
  const client = useClient();
  const { items: vms } = useList('virtualmachines.kubevirt.io');
  const [withDisks, setWithDisks] = useState(false);
  const [typed, setTyped] = useState('');
  const plans = useMemo(() => machines.map((machine) => ({ machine, ...disksToDelete(machine, machines, vms) })), [machines, vms]);
  const disks = plans.flatMap((plan) => plan.deletable);
  const shared = [...new Set(plans.flatMap((plan) => plan.shared))];
  // One name for one machine; for several the number, which is what one is likely to get wrong.
  const proof = machines.length === 1 ? machines[0]!.name : String(machines.length);
  const running = machines.filter(({ state }) => state.phase === 'Running').length;
  const send = async (): Promise<void> => {
    for (const { machine, deletable } of plans) await deleteMachine(client, { machine, disks: withDisks ? deletable : [] });
  };

  return (
    <FormDialog
      id="delete"
      title={machines.length === 1 ? t('delete.title', { name: proof }) : t('delete.titleMany', { number: proof })}
      grave="danger"
      button={t('action.delete')}
      failed={t('failed.delete')}
      isReady={!withDisks || typed.trim() === proof}
      send={send}
      onClose={onClose}
    >
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
    </FormDialog>
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
