// Owns the fifth step: who can log in, and what is set up inside at the first boot.
// Must not hash or write user data.
import { Alert, Form } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { AccountFields } from './account-fields.tsx';
import { Field, stateOf } from './field.tsx';
import { accountModes } from './form.ts';
import { RawUserData } from './raw-user-data.tsx';
import { RadioField } from './radio-field.tsx';
import type { StepProps } from './step-props.ts';
import { systemTraits } from './traits.ts';

export function StepAccount(props: StepProps) {
  const { form, change, problems } = props;
  const { t } = useTranslation('create');
  const { account, system } = form;
  return (
    <Form isWidthLimited onSubmit={(event) => event.preventDefault()}>
      {systemTraits(system).cloudInit === 'maybe' && (
        <Alert isInline component="h3" variant="info" title={t('account.maybeTitle')}>
          {t('account.maybeBody')}
        </Alert>
      )}
      <RadioField
        id="account-mode"
        label={t('account.mode')}
        problems={problems}
        field="mode"
        value={account.mode}
        options={accountModes.map((mode) => ({ value: mode, label: t(`account.modes.${mode}`) }))}
        onChange={(mode) => change({ section: 'account', to: { mode } })}
      />
      {account.mode === 'form' && <AccountFields {...props} />}
      {account.mode === 'raw' && (
        <Field id="raw-user-data" label={t('account.raw')} problems={problems} field="rawUserData" isRequired help={t('account.rawHelp')}>
          <RawUserData
            value={account.rawUserData}
            validated={stateOf(problems, 'rawUserData')}
            onChange={(rawUserData) => change({ section: 'account', to: { rawUserData } })}
          />
        </Field>
      )}
    </Form>
  );
}
