// Owns the question before entered values are lost.
// Must not ask when there is nothing to lose.
import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

export function DiscardDialog({ onDiscard, onStay }: { readonly onDiscard: () => void; readonly onStay: () => void }) {
  const { t } = useTranslation('create');
  return (
    <Modal isOpen variant="small" aria-labelledby="discard-title" aria-describedby="discard-body" onClose={onStay}>
      <ModalHeader title={t('discard.title')} labelId="discard-title" />
      <ModalBody id="discard-body">{t('discard.body')}</ModalBody>
      <ModalFooter>
        <Button variant="danger" onClick={onDiscard}>
          {t('discard.discard')}
        </Button>
        <Button variant="link" onClick={onStay}>
          {t('discard.stay')}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
