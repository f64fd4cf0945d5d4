// Owns asking before a disk is deleted: its name has to be typed.
// Must not be opened for a disk that a machine uses.
import { Content, FormGroup, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Client } from '../../client/client.ts';
import { useClient } from '../../client/context.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import type { DiskView } from './disk-view.ts';

export function DeleteDiskDialog({ disk, onClose }: { readonly disk: DiskView; readonly onClose: () => void }) {
  const { t } = useTranslation('disks');
  const client = useClient();
  const [typed, setTyped] = useState('');
  return (
    <FormDialog
      id="delete-disk"
      title={t('delete.title', { name: disk.name })}
      grave="danger"
      button={t('delete.action')}
      failed={t('failed.delete')}
      isReady={typed.trim() === disk.name}
      send={() => deleteDisk(client, disk)}
      onClose={onClose}
    >
      <Content component="p">{t('delete.body')}</Content>
      <FormGroup label={t('delete.type', { name: disk.name })} fieldId="delete-disk-proof" isRequired>
        <TextInput id="delete-disk-proof" value={typed} onChange={(_event, value) => setTyped(value)} autoComplete="off" isRequired />
      </FormGroup>
    </FormDialog>
  );
}

/** A claim goes with the DataVolume that made it; one without is deleted by itself. */
async function deleteDisk(client: Client, { namespace, name, hasDataVolume }: DiskView): Promise<void> {
  await client.delete({ resource: hasDataVolume ? 'datavolumes.cdi.kubevirt.io' : 'persistentvolumeclaims', namespace, name });
}
