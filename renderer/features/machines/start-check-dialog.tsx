// Owns the start check as a dialog.
// Must not start the machine unless asked.
import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { MachineView } from './machine-view.ts';
import { StartCheckPanel } from './start-check-panel.tsx';
import { useStartCheck } from './use-start-check.ts';
import { useMachineHands } from './use-machine-hands.ts';
import { useMachine } from './use-machines.ts';

export function StartCheckDialog({ machine: asked, onClose }: { readonly machine: MachineView; readonly onClose: () => void }) {
  const { t } = useTranslation('machines');
  // As it is now: what is pressed here changes it.
  const { machine = asked } = useMachine(asked.namespace, asked.name);
  const hands = useMachineHands();
  const check = useStartCheck(machine);
  const start = (): void => {
    onClose();
    hands.act('start', machine);
  };
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-labelledby="check-title">
      <ModalHeader labelId="check-title" title={t('check.title', { name: machine.name })} />
      <ModalBody>
        <StartCheckPanel machine={machine} check={check} onLeave={onClose} />
      </ModalBody>
      <ModalFooter>
        <Button onClick={start} isDisabled={check.value?.allowed !== true}>
          {t('action.start')}
        </Button>
        <Button variant="secondary" onClick={check.again} isLoading={check.phase === 'loading'}>
          {t('check.again')}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('close', { ns: 'words' })}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
