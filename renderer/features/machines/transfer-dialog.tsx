// Owns asking where a machine is to go, and showing what becomes of it before anything happens.
// Must not move anything; a Transfer of this computer's core does, and goes on when the window is closed.
import { FormGroup, FormSelect, FormSelectOption, Radio, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useHome, usePlace } from '../../client/context.tsx';
import { useHomeList } from '../../client/hooks.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { useNotices } from '../../ui/notices.tsx';
import type { MachineView } from './machine-view.ts';
import { type TransferForm, transferSpec } from './transfer-form.ts';
import { TransferReport, useTransferReview } from './transfer-report.tsx';

/** Of this computer, where what comes from a cluster arrives. */
const arrivalProject = 'default';

export function TransferDialog({ machine, onClose }: { readonly machine: MachineView; readonly onClose: () => void }) {
  const { t } = useTranslation('clusters');
  const { client } = useHome();
  const place = usePlace();
  const { add } = useNotices();
  const [, navigate] = useLocation();
  const direction = place.connection === undefined ? 'send' : 'bring';
  const names = useHomeList('connections.virtdeck.io').items.map(({ metadata }) => metadata.name);
  const [form, setForm] = useState<TransferForm>({
    direction,
    connection: place.connection ?? names[0] ?? '',
    machine: machine.name,
    namespace: direction === 'bring' ? machine.namespace : '',
    newName: machine.name,
    disks: 'upload',
    storageClassName: '',
    image: '',
  });
  /** What the report is about: a field that is being typed is not asked about at every key. */
  const [asked, setAsked] = useState(form);
  const set = (change: Partial<TransferForm>): void => setForm({ ...form, ...change });
  const setAndAsk = (change: Partial<TransferForm>): void => {
    set(change);
    setAsked({ ...form, ...change });
  };
  const namespace = direction === 'send' ? machine.namespace : arrivalProject;
  const review = useTransferReview(namespace, transferSpec(asked));
  const isAsked = JSON.stringify(form) === JSON.stringify(asked);
  const send = async (): Promise<void> => {
    const draft = {
      apiVersion: 'virtdeck.io/v1alpha1',
      kind: 'Transfer',
      metadata: { generateName: `${machine.name}-`, namespace },
      spec: transferSpec(form),
    };
    await client.create('transfers.virtdeck.io', draft);
    const title = t(`transfer.begun.${direction}`, { name: machine.name, connection: form.connection });
    add({ variant: 'info', title, action: { label: t('transfer.show'), run: () => navigate('~/clusters') } });
  };
  const text = (field: 'namespace' | 'newName' | 'storageClassName' | 'image') => ({
    id: `transfer-${field}`,
    value: form[field],
    onChange: (_event: unknown, value: string) => set({ [field]: value }),
    onBlur: () => setAsked(form),
  });
  return (
    <FormDialog
      id="transfer"
      variant="large"
      title={t(`transfer.title.${direction}`, { name: machine.name })}
      note={t(`transfer.note.${direction}`)}
      button={t(`transfer.button.${direction}`)}
      failed={t('transfer.failed')}
      isReady={isAsked && review.value?.causes.length === 0 && review.phase === 'ready'}
      send={send}
      onClose={onClose}
    >
      {direction === 'send' && (
        <FormGroup label={t('transfer.connection')} fieldId="transfer-connection" isRequired>
          <FormSelect id="transfer-connection" value={form.connection} onChange={(_event, connection) => setAndAsk({ connection })}>
            {names.map((name) => (
              <FormSelectOption key={name} value={name} label={name} />
            ))}
          </FormSelect>
        </FormGroup>
      )}
      <FormGroup label={t('transfer.newName')} fieldId="transfer-newName">
        <TextInput {...text('newName')} />
      </FormGroup>
      {direction === 'send' && (
        <>
          <FormGroup label={t('transfer.project')} fieldId="transfer-namespace">
            <TextInput {...text('namespace')} placeholder={t('transfer.ofConnection')} />
          </FormGroup>
          <FormGroup role="radiogroup" isStack hasNoPaddingTop fieldId="transfer-disks" label={t('transfer.disks.title')}>
            {(['upload', 'containerdisk'] as const).map((disks) => (
              <Radio
                key={disks}
                id={`transfer-disks-${disks}`}
                name="transfer-disks"
                label={t(`transfer.disks.${disks}`)}
                description={t(`transfer.disks.${disks}Note`)}
                isChecked={form.disks === disks}
                onChange={() => setAndAsk({ disks })}
              />
            ))}
          </FormGroup>
          {form.disks === 'upload' ? (
            <FormGroup label={t('transfer.storageClass')} fieldId="transfer-storageClassName">
              <TextInput {...text('storageClassName')} placeholder={t('transfer.ofCluster')} />
            </FormGroup>
          ) : (
            <FormGroup label={t('transfer.image')} fieldId="transfer-image" isRequired>
              <TextInput {...text('image')} placeholder="registry.example.com/team/web:1" />
            </FormGroup>
          )}
        </>
      )}
      <TransferReport review={review} />
    </FormDialog>
  );
}
