// Owns asking before a disk is deleted: its name has to be typed.
// Must not be opened for a disk that a machine uses.
import { Button, Content, Form, FormGroup, Modal, ModalBody, ModalFooter, ModalHeader, TextInput } from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Client } from '../../client/client.ts';
import { useClient } from '../../client/context.tsx';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';
import type { DiskView } from './disk-view.ts';

export function DeleteDiskDialog({ disk, onClose }: { readonly disk: DiskView; readonly onClose: () => void }) {
  const { t } = useTranslation('disks');
  const client = useClient();
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const ready = typed.trim() === disk.name && !busy;
  const submit = async (): Promise<void> => {
    setBusy(true);
    try {
      await deleteDisk(client, disk);
      onClose();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) void submit();
  };
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby="delete-disk-title">
      <ModalHeader titleIconVariant="danger" labelId="delete-disk-title" title={t('delete.title', { name: disk.name })} />
      <ModalBody>
        <Form id="delete-disk-form" onSubmit={onSubmit}>
          {error !== undefined && <FormFailure title={t('failed.delete')} failure={failureOf(error)} />}
          <Content component="p">{t('delete.body')}</Content>
          <FormGroup label={t('delete.type', { name: disk.name })} fieldId="delete-disk-proof" isRequired>
            <TextInput id="delete-disk-proof" value={typed} onChange={(_event, value) => setTyped(value)} autoComplete="off" isRequired />
          </FormGroup>
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button variant="danger" type="submit" form="delete-disk-form" isDisabled={!ready} isLoading={busy}>
          {t('delete.action')}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('cancel', { ns: 'words' })}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

/** A claim goes with the DataVolume that made it; one without is deleted by itself. */
async function deleteDisk(client: Client, { namespace, name, hasDataVolume }: DiskView): Promise<void> {
  await client.delete({ resource: hasDataVolume ? 'datavolumes.cdi.kubevirt.io' : 'persistentvolumeclaims', namespace, name });
}
