// Owns the switch that starts the core with the user's session.
// Must not hide that it cannot be had here.
import { Checkbox, FormGroup, FormHelperText, HelperText, HelperTextItem } from '@patternfly/react-core';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { useLoaded } from '../../client/hooks.ts';
import { useNotices } from '../../ui/notices.tsx';

export function StartAtLogin() {
  const { t } = useTranslation('settings');
  const client = useClient();
  const { fail } = useNotices();
  const [busy, setBusy] = useState(false);
  const { value, again } = useLoaded(useCallback((signal: AbortSignal) => client.loginStart(signal), [client]));
  const change = async (enabled: boolean): Promise<void> => {
    setBusy(true);
    try {
      await client.setLoginStart(enabled);
    } catch (error) {
      fail(t('login.failed'), error);
    }
    setBusy(false);
    again();
  };
  const available = value?.available === true;
  return (
    <FormGroup role="group" hasNoPaddingTop fieldId="setting-login" label={t('login.title')}>
      <Checkbox
        id="setting-login"
        label={t('login.start')}
        isChecked={value?.enabled === true}
        isDisabled={!available || busy}
        onChange={(_event, enabled) => void change(enabled)}
      />
      {value !== undefined && (
        <FormHelperText>
          <HelperText>
            <HelperTextItem>{available ? t('login.unit', { file: value.unitFile }) : t('login.unavailable')}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      )}
    </FormGroup>
  );
}
