// Owns a dialog with a form: sends it once, shows why it was refused, closes when it was taken.
// Must not know what is sent.
import { Button, Form, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormFailure } from './form-failure.tsx';
import { failureOf } from './notices.tsx';

export interface FormDialogProps {
  readonly id: string;
  readonly title: string;
  readonly note?: string;
  readonly variant?: 'small' | 'medium' | 'large';
  /** Something is lost: said beside the title, and the button is red. */
  readonly grave?: 'danger' | 'warning';
  readonly button: string;
  readonly failed: string;
  readonly isReady: boolean;
  readonly send: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function FormDialog(props: FormDialogProps) {
  const { id, title, note, variant = 'small', grave, button, failed, isReady, send, onClose, children } = props;
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async (): Promise<void> => {
    setBusy(true);
    try {
      await send();
      onClose();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    // A dialog that another one opened is inside of its form for React.
    event.stopPropagation();
    if (isReady && !busy) void submit();
  };
  return (
    <Modal isOpen variant={variant} onClose={onClose} aria-labelledby={`${id}-title`}>
      <ModalHeader labelId={`${id}-title`} title={title} description={note} {...(grave === undefined ? {} : { titleIconVariant: grave })} />
      <ModalBody>
        <Form id={`${id}-form`} onSubmit={onSubmit}>
          {error !== undefined && <FormFailure title={failed} failure={failureOf(error)} />}
          {children}
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button
          type="submit"
          form={`${id}-form`}
          variant={grave === undefined ? 'primary' : 'danger'}
          isDisabled={!isReady || busy}
          isLoading={busy}
        >
          {button}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('cancel', { ns: 'words' })}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
