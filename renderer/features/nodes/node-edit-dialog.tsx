// Owns the frame of a dialog that changes a node: its form, its refusal, its buttons.
// Must not know what is changed.
import { Button, Form, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';

export interface NodeEditDialogProps {
  readonly title: string;
  readonly note: string;
  readonly isValid: boolean;
  readonly variant?: 'small' | 'medium' | 'large';
  readonly save: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function NodeEditDialog({ title, note, isValid, variant = 'medium', save, onClose, children }: NodeEditDialogProps) {
  const { t } = useTranslation('nodes');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async (): Promise<void> => {
    setBusy(true);
    try {
      await save();
      onClose();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (isValid && !busy) void submit();
  };
  return (
    <Modal isOpen variant={variant} onClose={onClose} aria-labelledby="node-edit-title">
      <ModalHeader labelId="node-edit-title" title={title} description={note} />
      <ModalBody>
        <Form id="node-edit" onSubmit={onSubmit}>
          {error !== undefined && <FormFailure title={t('notSaved')} failure={failureOf(error)} />}
          {children}
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form="node-edit" isDisabled={!isValid || busy} isLoading={busy}>
          {t('save', { ns: 'words' })}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('cancel', { ns: 'words' })}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
