// Owns the two fields that every new thing of a project has: its name, and the project where there are several.
// Must not check more than their grammar.
import { FormGroup, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useProject } from '../../client/project.tsx';
import { isObjectName } from '../../ui/object-name.ts';

export interface NamedDraft {
  readonly name: string;
  readonly namespace: string;
}

interface NameAndProjectProps {
  readonly draft: NamedDraft;
  readonly onChange: (draft: NamedDraft) => void;
}

export function NameAndProject({ draft, onChange }: NameAndProjectProps) {
  const { t } = useTranslation('quotas');
  const { names } = useProject();
  const isWrong = draft.name !== '' && !isObjectName(draft.name);
  return (
    <>
      <FormGroup label={t('form.name')} fieldId="quota-name" isRequired>
        <TextInput
          id="quota-name"
          value={draft.name}
          validated={isWrong ? 'error' : 'default'}
          onChange={(_event, name) => onChange({ ...draft, name })}
        />
      </FormGroup>
      {names.length > 1 && (
        <FormGroup label={t('form.project')} fieldId="quota-project">
          <FormSelect id="quota-project" value={draft.namespace} onChange={(_event, namespace) => onChange({ ...draft, namespace })}>
            {names.map((name) => (
              <FormSelectOption key={name} value={name} label={name} />
            ))}
          </FormSelect>
        </FormGroup>
      )}
    </>
  );
}
