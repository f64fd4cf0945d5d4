// Owns asking before the saved state of a suspended machine is discarded.
// Must not act before the answer.
import { Button, Content, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';
import type { MachineView } from './machine-view.ts';

export interface DiscardStateDialogProps {
  readonly machine: MachineView;
  readonly onClose: () => void;
}

export function DiscardStateDialog({ machine: { namespace, name }, onClose }: DiscardStateDialogProps) {
  const { t } = useTranslation('snapshots');
  const client = useClient();
  const [error, setError] = useState<unknown>();
  const discard = async (): Promise<void> => {
    try {
      await client.discardSavedState({ namespace, name });
      onClose();
    } catch (refused) {
      setError(refused);
    }
  };
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby="discard-state-title">
      <ModalHeader titleIconVariant="warning" labelId="discard-state-title" title={t('saved.ask', { name })} />
      <ModalBody>
        {error !== undefined && <FormFailure title={t('saved.failed')} failure={failureOf(error)} />}
        <Content component="p">{t('saved.lost')}</Content>
      </ModalBody>
      <ModalFooter>
        <Button variant="danger" onClick={() => void discard()}>
          {t('saved.discard')}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('cancel', { ns: 'words' })}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
