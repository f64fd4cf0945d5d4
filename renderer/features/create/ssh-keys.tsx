// Owns choosing which public keys may log in: those found on this computer, and pasted ones.
// Must not read key files; the report of this computer lists them.
import { Checkbox, TextArea } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Field, notesId } from './field.tsx';
import { pastedText, withKey, withPasted } from './ssh-key-list.ts';
import type { StepProps } from './step-props.ts';

export function SshKeys({ form, world, change, problems }: StepProps) {
  const { t } = useTranslation('create');
  const found = world.user?.sshPublicKeys ?? [];
  const { sshKeys } = form.account;
  const set = (next: readonly string[]): void => change({ section: 'account', to: { sshKeys: next } });
  const lines = found.map(({ line }) => line);
  return (
    <Field
      id="ssh-keys"
      label={t('account.keys')}
      problems={problems}
      field="sshKeys"
      role="group"
      help={found.length === 0 ? t('account.noKeys') : undefined}
    >
      {found.map(({ file, type, comment, line }) => (
        <Checkbox
          key={line}
          id={`key-${file}`}
          label={comment === '' ? type : comment}
          description={`${type} · ${file}`}
          isChecked={sshKeys.includes(line)}
          onChange={(_event, checked) => set(withKey(sshKeys, line, checked))}
        />
      ))}
      <TextArea
        id="ssh-keys"
        className="vd-mono"
        rows={2}
        resizeOrientation="vertical"
        value={pastedText(sshKeys, lines)}
        aria-label={t('account.pasteKeys')}
        aria-describedby={notesId('ssh-keys')}
        placeholder={t('account.pasteKeys')}
        spellCheck={false}
        onChange={(_event, text) => set(withPasted(sshKeys, lines, text))}
      />
    </Field>
  );
}
