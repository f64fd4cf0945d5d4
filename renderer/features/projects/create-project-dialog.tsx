// Owns making a project.
// Must not choose it for what is shown; the switcher does.
import { FormGroup, FormHelperText, HelperText, HelperTextItem, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { isLabelName } from '../../ui/object-name.ts';

export function CreateProjectDialog({ taken, onClose }: { readonly taken: readonly string[]; readonly onClose: () => void }) {
  const { t } = useTranslation('projects');
  const client = useClient();
  const [name, setName] = useState('');
  const problem = taken.includes(name) ? 'taken' : name !== '' && !isLabelName(name) ? 'wrong' : undefined;
  return (
    <FormDialog
      id="create-project"
      title={t('create.title')}
      note={t('create.note')}
      button={t('create.make')}
      failed={t('create.failed')}
      isReady={name !== '' && problem === undefined}
      send={() => client.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })}
      onClose={onClose}
    >
      <FormGroup label={t('name')} fieldId="project-name" isRequired>
        <TextInput
          id="project-name"
          value={name}
          validated={problem === undefined ? 'default' : 'error'}
          onChange={(_event, text) => setName(text)}
        />
        <FormHelperText>
          <HelperText>
            <HelperTextItem variant={problem === undefined ? 'default' : 'error'}>{t(`create.${problem ?? 'rule'}`)}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
    </FormDialog>
  );
}
