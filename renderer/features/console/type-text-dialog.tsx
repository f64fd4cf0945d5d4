// Owns typing a text into the machine: the text, the guest's keyboard, what cannot be typed, and how far it is.
// Must not keep or log the text: it may be a password.
import {
  Alert,
  Button,
  Checkbox,
  Form,
  FormGroup,
  FormSelect,
  FormSelectOption,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  Progress,
  TextArea,
} from '@patternfly/react-core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsoleMemory } from './console-memory.ts';
import { keyboardLayout, type KeyboardLayoutId, keyboardLayouts } from './keyboard-layouts.ts';
import { typingPlan } from './typing.ts';
import { useClipboardText } from './use-clipboard-text.ts';
import { type SendKeys, useTyping } from './use-typing.ts';

export interface TypeTextDialogProps {
  readonly memory: ConsoleMemory;
  readonly onMemory: (change: Partial<ConsoleMemory>) => void;
  readonly send: SendKeys;
  readonly onClose: () => void;
  readonly appendTo: () => HTMLElement;
}

export function TypeTextDialog({ memory, onMemory, send, onClose, appendTo }: TypeTextDialogProps) {
  const { t } = useTranslation('console');
  const [text, setText] = useState('');
  const clipboard = useClipboardText(setText);
  const { typing, start, stop } = useTyping(send, onClose);
  const layout = keyboardLayout(memory.layout);
  const plan = useMemo(() => typingPlan(text, layout, { deadKeys: memory.deadKeys }), [text, layout, memory.deadKeys]);
  const close = (): void => {
    stop();
    onClose();
  };
  return (
    <Modal isOpen variant="medium" appendTo={appendTo} aria-labelledby="type-title" onClose={close}>
      <ModalHeader title={t('type.title')} labelId="type-title" description={t('type.body')} />
      <ModalBody>
        <Form onSubmit={(event) => event.preventDefault()}>
          <FormGroup label={t('type.text')} fieldId="type-text">
            <TextArea
              id="type-text"
              className="vd-mono"
              value={text}
              rows={6}
              autoFocus
              autoComplete="off"
              spellCheck={false}
              readOnly={typing !== undefined}
              onChange={(_event, next) => setText(next)}
            />
            <Button variant="link" isInline onClick={clipboard.read} isDisabled={typing !== undefined}>
              {t('type.clipboard')}
            </Button>
            {clipboard.refused && <Alert isInline isPlain variant="info" title={t('type.clipboardRefused')} />}
          </FormGroup>
          <FormGroup label={t('type.layout')} fieldId="type-layout">
            <FormSelect id="type-layout" value={memory.layout} onChange={(_event, id) => onMemory({ layout: id as KeyboardLayoutId })}>
              {keyboardLayouts.map(({ id, name }) => (
                <FormSelectOption key={id} value={id} label={name} />
              ))}
            </FormSelect>
            {layout.dead.length > 0 && (
              <Checkbox
                id="type-dead"
                label={t('type.dead')}
                description={t('type.deadHelp')}
                isChecked={memory.deadKeys}
                onChange={(_event, deadKeys) => onMemory({ deadKeys })}
              />
            )}
          </FormGroup>
          {plan.unsupported.length > 0 && (
            <Alert isInline component="h2" variant="warning" title={t('type.unsupported', { count: plan.unsupported.length })}>
              <span className="vd-mono">{plan.unsupported.join(' ')}</span>
            </Alert>
          )}
          {typing !== undefined && (
            <Progress
              value={typing.sent}
              max={typing.of}
              label={t('type.progress', { sent: typing.sent, of: typing.of })}
              valueText={t('type.progress', { sent: typing.sent, of: typing.of })}
              title={typing.lost ? t('type.lost') : undefined}
              variant={typing.lost ? 'danger' : undefined}
              aria-label={t('type.title')}
            />
          )}
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button isDisabled={plan.strokes.length === 0} isLoading={typing !== undefined && !typing.lost} onClick={() => start(plan.strokes)}>
          {plan.unsupported.length > 0 ? t('type.startWithout') : t('type.start')}
        </Button>
        <Button variant="link" onClick={close}>
          {typing === undefined ? t('cancel', { ns: 'words' }) : t('type.stop')}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
