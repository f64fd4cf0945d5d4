// Owns asking before the UEFI settings of a machine are set back.
// Must not act before the answer.
import { Content } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { useNotices } from '../../ui/notices.tsx';

export interface ResetFirmwareDialogProps {
  readonly machine: { readonly namespace: string; readonly name: string };
  readonly onClose: () => void;
}

export function ResetFirmwareDialog({ machine: { namespace, name }, onClose }: ResetFirmwareDialogProps) {
  const { t } = useTranslation('firmware');
  const client = useClient();
  const notices = useNotices();
  const reset = async (): Promise<void> => {
    await client.resetFirmware({ namespace, name });
    notices.add({ variant: 'success', title: t('reset.done', { name }) });
  };
  return (
    <FormDialog
      id="reset-firmware"
      title={t('reset.title', { name })}
      grave="warning"
      button={t('reset.confirm')}
      failed={t('reset.failed')}
      isReady
      send={reset}
      onClose={onClose}
    >
      <Content component="p">{t('reset.body')}</Content>
    </FormDialog>
  );
}
