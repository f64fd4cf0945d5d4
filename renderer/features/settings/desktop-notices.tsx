// Owns asking the browser for leave to notify the user on the desktop.
// Must not ask before it is pressed.
import { Button, FormGroup, FormHelperText, HelperText, HelperTextItem } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

export function DesktopNotices() {
  const { t } = useTranslation('settings');
  const [permission, setPermission] = useState(() => ('Notification' in globalThis ? Notification.permission : 'denied'));
  return (
    <FormGroup role="group" hasNoPaddingTop fieldId="setting-notices" label={t('notices.title')}>
      {permission === 'default' && (
        <Button variant="secondary" onClick={() => void Notification.requestPermission().then(setPermission)}>
          {t('notices.allow')}
        </Button>
      )}
      <FormHelperText>
        <HelperText>
          <HelperTextItem>{permission === 'denied' ? t('notices.denied') : t('notices.allowed')}</HelperTextItem>
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}
