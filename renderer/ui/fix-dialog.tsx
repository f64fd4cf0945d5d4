// Owns asking before a fix is done: what it is called, what it does to others, what only the user knows, and the command that does the same.
// Must not choose the fix, or send it.
import { ClipboardCopy, ClipboardCopyVariant, Content, FormGroup, TextArea, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type FixAction, fixCommand, fixEffect, fixLabel, type FixTarget } from '../../electron/api/fix-actions.ts';
import { FormDialog } from './form-dialog.tsx';
import { useSentences } from './sentences.tsx';

export interface FixDialogProps {
  readonly action: FixAction;
  /** The machine that was checked. */
  readonly target: FixTarget;
  readonly apply: (action: FixAction) => Promise<void>;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function FixDialog({ action, target, apply, onClose, onDone }: FixDialogProps) {
  const { t } = useTranslation('fixes');
  const say = useSentences();
  const [value, setValue] = useState('');
  const label = say(fixLabel(action));
  const send = async (): Promise<void> => {
    await apply(action.type === 'FillSecret' ? { ...action, value } : action);
    onDone();
  };
  return (
    <FormDialog
      id="fix"
      title={t('title', { label })}
      button={label}
      failed={t('failed', { label })}
      {...(action.type === 'StopMachine' ? { grave: 'warning' } : action.type === 'DeleteDisk' ? { grave: 'danger' } : {})}
      isReady={isReady(action, value)}
      send={send}
      onClose={onClose}
    >
      {action.type === 'FillSecret' && <SecretValue action={action} value={value} onChange={setValue} />}
      <Content component="p">{say(fixEffect(action))}</Content>
      {action.type === 'DeleteDisk' && (
        <FormGroup label={t('delete.type', { ns: 'disks', name: action.name })} fieldId="fix-value" isRequired>
          <TextInput id="fix-value" value={value} onChange={(_event, to) => setValue(to)} autoComplete="off" isRequired />
        </FormGroup>
      )}
      <div>
        <Content component="small">{t('command')}</Content>
        <ClipboardCopy
          isReadOnly
          isCode
          variant={ClipboardCopyVariant.expansion}
          hoverTip={t('copy', { ns: 'words' })}
          clickTip={t('copied', { ns: 'words' })}
          textAriaLabel={t('command')}
          toggleAriaLabel={t('whole')}
        >
          {fixCommand(action, target)}
        </ClipboardCopy>
      </div>
    </FormDialog>
  );
}

/** What is gone for good is confirmed by its name, as everywhere. */
function isReady(action: FixAction, value: string): boolean {
  if (action.type === 'DeleteDisk') return value.trim() === action.name;
  return action.type !== 'FillSecret' || value !== '';
}

interface SecretValueProps {
  readonly action: Extract<FixAction, { type: 'FillSecret' }>;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function SecretValue({ action: { key, holds }, value, onChange }: SecretValueProps) {
  return (
    <FormGroup label={key} fieldId="fix-value" isRequired>
      {holds === 'password' ? (
        <TextInput
          id="fix-value"
          type="password"
          value={value}
          isRequired
          autoComplete="new-password"
          onChange={(_event, to) => onChange(to)}
        />
      ) : (
        <TextArea
          id="fix-value"
          className="vd-mono"
          value={value}
          isRequired
          rows={8}
          resizeOrientation="vertical"
          spellCheck={false}
          onChange={(_event, to) => onChange(to)}
        />
      )}
    </FormGroup>
  );
}
