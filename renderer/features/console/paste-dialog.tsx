// Owns the question before lines are pasted that a shell would run at once.
// Must not paste.
import { Alert, Button, CodeBlock, CodeBlockCode, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { PasteRisk } from './paste-guard.ts';

export interface PasteDialogProps {
  readonly risk: PasteRisk;
  readonly onAnswer: (yes: boolean) => void;
}

export function PasteDialog({ risk, onAnswer }: PasteDialogProps) {
  const { t } = useTranslation('console');
  return (
    <Modal isOpen variant="medium" aria-labelledby="paste-title" onClose={() => onAnswer(false)}>
      <ModalHeader title={t('paste.title', { count: risk.lines })} labelId="paste-title" description={t('paste.body')} />
      <ModalBody tabIndex={0}>
        {risk.controls && <Alert isInline component="h2" variant="warning" title={t('paste.controls')} />}
        <CodeBlock>
          <CodeBlockCode className="vd-code">{risk.preview}</CodeBlockCode>
        </CodeBlock>
      </ModalBody>
      <ModalFooter>
        <Button onClick={() => onAnswer(true)}>{t('paste.paste')}</Button>
        <Button variant="link" onClick={() => onAnswer(false)}>
          {t('cancel', { ns: 'words' })}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
