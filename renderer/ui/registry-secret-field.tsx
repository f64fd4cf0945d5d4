// Owns choosing the Secret that opens a registry, and making one beside the choice.
// Must not keep a password; it goes into the Secret.
import {
  Button,
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  InputGroup,
  InputGroupItem,
  TextInput,
} from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from './form-dialog.tsx';
import { isObjectName } from './object-name.ts';
import { isComplete, type RegistrySecretDraft } from './registry-secret-draft.ts';
import { TextField } from './text-field.tsx';

export interface RegistrySecretFieldProps {
  readonly secrets: {
    readonly names: readonly string[];
    /** Names that a new one cannot have. */
    readonly taken: readonly string[];
    readonly make: (draft: RegistrySecretDraft) => Promise<void>;
  };
  readonly id: string;
  /** Blank: the registry is open to everybody. */
  readonly value: string;
  readonly onChange: (name: string) => void;
}

export function RegistrySecretField({ secrets, id, value, onChange }: RegistrySecretFieldProps) {
  const { t } = useTranslation('registry');
  const [isMaking, setMaking] = useState(false);
  // One that was just made is there before the list says so.
  const names = value === '' || secrets.names.includes(value) ? secrets.names : [...secrets.names, value];
  return (
    <FormGroup fieldId={id} label={t('secret')}>
      <InputGroup>
        <InputGroupItem isFill>
          <FormSelect id={id} value={value} aria-describedby={`${id}-help`} onChange={(_event, name) => onChange(name)}>
            <FormSelectOption value="" label={t('none')} />
            {names.map((name) => (
              <FormSelectOption key={name} value={name} label={name} />
            ))}
          </FormSelect>
        </InputGroupItem>
        <InputGroupItem>
          <Button variant="control" onClick={() => setMaking(true)}>
            {t('new')}
          </Button>
        </InputGroupItem>
      </InputGroup>
      <FormHelperText>
        <HelperText id={`${id}-help`}>
          <HelperTextItem>{t('help')}</HelperTextItem>
        </HelperText>
      </FormHelperText>
      {isMaking && <NewSecretDialog secrets={secrets} onMade={onChange} onClose={() => setMaking(false)} />}
    </FormGroup>
  );
}

interface NewSecretDialogProps extends Pick<RegistrySecretFieldProps, 'secrets'> {
  readonly onMade: (name: string) => void;
  readonly onClose: () => void;
}

function NewSecretDialog({ secrets, onMade, onClose }: NewSecretDialogProps) {
  const { t } = useTranslation('registry');
  const [draft, setDraft] = useState({ name: '', user: '', password: '' });
  const problem = secrets.taken.includes(draft.name) ? 'taken' : isObjectName(draft.name) ? undefined : 'wrong';
  const make = async (): Promise<void> => {
    await secrets.make(draft);
    onMade(draft.name);
  };
  return (
    <FormDialog
      id="registry-secret"
      title={t('dialog.title')}
      note={t('dialog.note')}
      button={t('create', { ns: 'words' })}
      failed={t('dialog.failed')}
      isReady={isComplete(draft) && problem === undefined}
      send={make}
      onClose={onClose}
    >
      <TextField
        id="registry-secret-name"
        label={t('dialog.name')}
        value={draft.name}
        isRequired
        autoComplete="off"
        problem={problem === undefined ? undefined : t(`dialog.${problem}`)}
        onChange={(name) => setDraft({ ...draft, name })}
      />
      <FormGroup label={t('dialog.user')} fieldId="registry-secret-user" isRequired>
        <TextInput
          id="registry-secret-user"
          value={draft.user}
          isRequired
          autoComplete="off"
          onChange={(_event, user) => setDraft({ ...draft, user })}
        />
      </FormGroup>
      <FormGroup label={t('dialog.password')} fieldId="registry-secret-password" isRequired>
        <TextInput
          id="registry-secret-password"
          type="password"
          value={draft.password}
          isRequired
          autoComplete="new-password"
          onChange={(_event, password) => setDraft({ ...draft, password })}
        />
      </FormGroup>
    </FormDialog>
  );
}
