// Owns the fields of the account: user, password, keys, host name, packages.
// Must not keep the password anywhere but in the form.
import { Button, InputGroup, InputGroupItem, TextInput } from '@patternfly/react-core';
import { EyeIcon } from '@patternfly/react-icons/dist/esm/icons/eye-icon';
import { EyeSlashIcon } from '@patternfly/react-icons/dist/esm/icons/eye-slash-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Field, notesId, stateOf } from './field.tsx';
import { MoreFields } from './more-fields.tsx';
import { SshKeys } from './ssh-keys.tsx';
import type { StepProps } from './step-props.ts';

export function AccountFields(props: StepProps) {
  const { form, change, problems } = props;
  const { t } = useTranslation('create');
  const { user, hostname, packages } = form.account;
  return (
    <>
      <Field id="user" label={t('account.user')} problems={problems} field="user" isRequired help={t('account.userHelp')}>
        <TextInput
          id="user"
          value={user}
          validated={stateOf(problems, 'user')}
          aria-describedby={notesId('user')}
          autoComplete="off"
          spellCheck={false}
          onChange={(_event, to) => change({ section: 'account', to: { user: to.trim() } })}
        />
      </Field>
      <Password {...props} />
      <SshKeys {...props} />
      <MoreFields label={t('account.more')} isWrong={problems.some(({ field }) => field === 'hostname' || field === 'packages')}>
        <Field
          id="hostname"
          label={t('account.hostname')}
          problems={problems}
          field="hostname"
          help={t('account.hostnameHelp', { name: form.name })}
        >
          <TextInput
            id="hostname"
            value={hostname}
            placeholder={form.name}
            validated={stateOf(problems, 'hostname')}
            aria-describedby={notesId('hostname')}
            spellCheck={false}
            onChange={(_event, to) => change({ section: 'account', to: { hostname: to } })}
          />
        </Field>
        <Field id="packages" label={t('account.packages')} problems={problems} field="packages" help={t('account.packagesHelp')}>
          <TextInput
            id="packages"
            value={packages}
            placeholder="git vim curl"
            validated={stateOf(problems, 'packages')}
            aria-describedby={notesId('packages')}
            spellCheck={false}
            onChange={(_event, to) => change({ section: 'account', to: { packages: to } })}
          />
        </Field>
      </MoreFields>
    </>
  );
}

/** Shown at first: it was made up here, and nobody could know it otherwise. */
function Password({ form, change, problems }: StepProps) {
  const { t } = useTranslation('create');
  const [visible, setVisible] = useState(true);
  const { password } = form.account;
  return (
    <Field id="password" label={t('account.password')} problems={problems} field="password" help={t('account.passwordHelp')}>
      <InputGroup>
        <InputGroupItem isFill>
          <TextInput
            id="password"
            className={visible ? 'vd-mono' : undefined}
            type={visible ? 'text' : 'password'}
            value={password}
            validated={stateOf(problems, 'password')}
            aria-describedby={notesId('password')}
            autoComplete="new-password"
            spellCheck={false}
            onChange={(_event, to) => change({ section: 'account', to: { password: to } })}
          />
        </InputGroupItem>
        <InputGroupItem>
          <Button
            variant="control"
            icon={visible ? <EyeSlashIcon /> : <EyeIcon />}
            aria-label={visible ? t('account.hide') : t('account.show')}
            onClick={() => setVisible((last) => !last)}
          />
        </InputGroupItem>
        <InputGroupItem isPlain className="vd-copy-item">
          <CopyButton text={password} label={t('account.copyPassword')} doneLabel={t('copied', { ns: 'words' })} />
        </InputGroupItem>
      </InputGroup>
    </Field>
  );
}
