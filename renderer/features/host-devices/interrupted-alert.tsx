// Owns saying that a group was left between its drivers, and the press that finishes it.
// Must not finish it by itself: an administrator's password may be asked for.
import { Alert, Button } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import type { GroupView } from '../../ui/device-groups.ts';
import { useNotices } from '../../ui/notices.tsx';

export function InterruptedAlert({ view: { trial, group } }: { readonly view: GroupView }) {
  const { t } = useTranslation('devices');
  const client = useClient();
  const { fail } = useNotices();
  const [isBusy, setBusy] = useState(false);
  if (trial?.state !== 'interrupted') return null;
  const finish = async (): Promise<void> => {
    setBusy(true);
    await client.revertDevice(group.id).catch((error: unknown) => fail(t('interrupted.failed'), error));
    setBusy(false);
  };
  return (
    <Alert
      component="p"
      isInline
      variant="warning"
      title={t('interrupted.title')}
      actionLinks={
        <Button variant="link" isInline isDisabled={isBusy} onClick={() => void finish()}>
          {t('interrupted.finish')}
        </Button>
      }
    >
      {t('interrupted.what')}
    </Alert>
  );
}
