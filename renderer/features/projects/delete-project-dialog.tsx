// Owns deleting a project with everything in it.
// Must not be pressed by accident: the name is typed first.
import { FormGroup, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';

export function DeleteProjectDialog({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const { t } = useTranslation('projects');
  const client = useClient();
  const [typed, setTyped] = useState('');
  return (
    <FormDialog
      id="delete-project"
      title={t('delete.title', { name })}
      note={t('delete.note')}
      grave="danger"
      button={t('delete.button')}
      failed={t('delete.failed')}
      isReady={typed === name}
      send={() => client.delete({ resource: 'namespaces', name })}
      onClose={onClose}
    >
      <FormGroup label={t('delete.type', { name })} fieldId="delete-project-name">
        <TextInput id="delete-project-name" value={typed} onChange={(_event, text) => setTyped(text)} />
      </FormGroup>
    </FormDialog>
  );
}
