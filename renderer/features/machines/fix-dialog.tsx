// Owns asking before a fix is done: what it is called, what it does to others, and the command that does the same.
// Must not choose the fix.
import { Button, ClipboardCopy, ClipboardCopyVariant, Content, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type FixAction, fixCommand, fixEffect, fixLabel } from '../../../electron/api/fix-actions.ts';
import { useClient } from '../../client/context.tsx';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';
import { useSentences } from '../../ui/sentences.tsx';
import type { MachineView } from './machine-view.ts';

export interface FixDialogProps {
  readonly action: FixAction;
  readonly machine: MachineView;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function FixDialog({ action, machine, onClose, onDone }: FixDialogProps) {
  const { t } = useTranslation('fixes');
  const say = useSentences();
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const apply = async (): Promise<void> => {
    setBusy(true);
    try {
      await client.applyFix(action, machine);
      onClose();
      onDone();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  const label = say(fixLabel(action));
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby="fix-title">
      <ModalHeader labelId="fix-title" title={t('title', { label })} />
      <ModalBody>
        {error !== undefined && <FormFailure title={t('failed.fix', { label, ns: 'machines' })} failure={failureOf(error)} />}
        <Content component="p">{say(fixEffect(action))}</Content>
        <Content component="small">{t('command')}</Content>
        <ClipboardCopy
          isReadOnly
          isCode
          variant={ClipboardCopyVariant.expansion}
          hoverTip={t('copy', { ns: 'words' })}
          clickTip={t('copied', { ns: 'words' })}
          textAriaLabel={t('command')}
          toggleAriaLabel={t('whole')}
        >
          {fixCommand(action, machine)}
        </ClipboardCopy>
      </ModalBody>
      <ModalFooter>
        <Button
          variant={action.type === 'StopMachine' ? 'warning' : 'primary'}
          onClick={() => void apply()}
          isLoading={busy}
          isDisabled={busy}
        >
          {label}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('cancel', { ns: 'words' })}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
