// Owns asking before the UEFI settings of a machine are set back.
// Must not act before the answer.
import { Button, Content, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf, useNotices } from '../../ui/notices.tsx';

export interface ResetFirmwareDialogProps {
  readonly machine: { readonly namespace: string; readonly name: string };
  readonly onClose: () => void;
}

export function ResetFirmwareDialog({ machine, onClose }: ResetFirmwareDialogProps) {
  const { t } = useTranslation('firmware');
  const client = useClient();
  const notices = useNotices();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const { namespace, name } = machine;
  const reset = async (): Promise<void> => {
    setBusy(true);
    try {
      await client.resetFirmware({ namespace, name });
      notices.add({ variant: 'success', title: t('reset.done', { name }) });
      onClose();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby="reset-firmware-title">
      <ModalHeader titleIconVariant="warning" labelId="reset-firmware-title" title={t('reset.title', { name })} />
      <ModalBody>
        {error !== undefined && <FormFailure title={t('reset.failed')} failure={failureOf(error)} />}
        <Content component="p">{t('reset.body')}</Content>
      </ModalBody>
      <ModalFooter>
        <Button variant="danger" isDisabled={busy} isLoading={busy} onClick={() => void reset()}>
          {t('reset.confirm')}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('cancel', { ns: 'words' })}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
