// Owns sending a key combination of the user's own, and keeping it in the menu.
// Must not read keys from the keyboard: the desktop would act on them.
import {
  Button,
  Checkbox,
  Form,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextInput,
} from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type KeyCombination, parseCombination } from './key-combinations.ts';

export interface OwnCombinationDialogProps {
  readonly kept: readonly string[];
  readonly onKeep: (combinations: readonly string[]) => void;
  readonly onPress: (combination: KeyCombination) => void;
  readonly onClose: () => void;
  readonly appendTo: () => HTMLElement;
}

export function OwnCombinationDialog({ kept, onKeep, onPress, onClose, appendTo }: OwnCombinationDialogProps) {
  const { t } = useTranslation('console');
  const [text, setText] = useState('');
  const [keep, setKeep] = useState(true);
  const combination = parseCombination(text);
  const send = (): void => {
    if (combination === undefined) return;
    if (keep && !kept.includes(combination.label)) onKeep([...kept, combination.label]);
    onClose();
    onPress(combination);
  };
  return (
    <Modal isOpen variant="small" appendTo={appendTo} aria-labelledby="combination-title" onClose={onClose}>
      <ModalHeader title={t('keys.title')} labelId="combination-title" />
      <ModalBody>
        <Form
          id="combination-form"
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <FormGroup label={t('keys.combination')} fieldId="combination">
            <TextInput
              id="combination"
              value={text}
              autoFocus
              spellCheck={false}
              autoComplete="off"
              placeholder="Ctrl+Alt+F2"
              aria-describedby="combination-help"
              onChange={(_event, next) => setText(next)}
            />
            <FormHelperText>
              <HelperText id="combination-help" isLiveRegion>
                <HelperTextItem variant={combination === undefined && text !== '' ? 'warning' : 'default'}>
                  {combination === undefined ? t('keys.help') : t('keys.sends', { keys: combination.label })}
                </HelperTextItem>
              </HelperText>
            </FormHelperText>
          </FormGroup>
          <Checkbox id="combination-keep" label={t('keys.keep')} isChecked={keep} onChange={(_event, next) => setKeep(next)} />
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form="combination-form" isDisabled={combination === undefined}>
          {t('keys.send')}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('cancel', { ns: 'words' })}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
