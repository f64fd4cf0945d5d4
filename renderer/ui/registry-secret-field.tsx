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
import { isComplete, isSecretName, type RegistrySecretDraft } from './registry-secret-draft.ts';

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
  const isTaken = secrets.taken.includes(draft.name);
  const isWrong = draft.name !== '' && (isTaken || !isSecretName(draft.name));
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
      isReady={isComplete(draft) && !isTaken}
      send={make}
      onClose={onClose}
    >
      <FormGroup label={t('dialog.name')} fieldId="registry-secret-name" isRequired>
        <TextInput
          id="registry-secret-name"
          value={draft.name}
          isRequired
          autoComplete="off"
          validated={isWrong ? 'error' : 'default'}
          aria-describedby="registry-secret-name-help"
          onChange={(_event, name) => setDraft({ ...draft, name: name.trim() })}
        />
        <FormHelperText>
          <HelperText id="registry-secret-name-help" isLiveRegion>
            {isWrong && <HelperTextItem variant="error">{t(isTaken ? 'dialog.taken' : 'dialog.wrong')}</HelperTextItem>}
          </HelperText>
        </FormHelperText>
      </FormGroup>
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
