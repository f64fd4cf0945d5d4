// Owns asking before a power cut or a hard reset.
// Must not act before the answer.
import { Button, Content, List, ListItem, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { MachineView } from './machine-view.ts';
import { useMachineHands } from './use-machine-hands.ts';

export interface PowerDialogProps {
  readonly type: 'forceOff' | 'reset';
  readonly machines: readonly MachineView[];
  readonly onClose: () => void;
}

export function PowerDialog({ type, machines, onClose }: PowerDialogProps) {
  const { t } = useTranslation('machines');
  const hands = useMachineHands();
  const confirm = (): void => {
    onClose();
    for (const machine of machines) {
      if (type === 'reset') hands.act('reset', machine);
      else hands.act('stop', machine, { gracePeriodSeconds: 0 });
    }
  };
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby="power-title">
      <ModalHeader
        titleIconVariant="warning"
        labelId="power-title"
        title={
          machines.length === 1
            ? t(`power.${type}.title`, { name: machines[0]?.name })
            : t(`power.${type}.titleMany`, { number: machines.length })
        }
      />
      <ModalBody>
        <Content component="p">{t(`power.${type}.body`)}</Content>
        {machines.length > 1 && (
          <List>
            {machines.map(({ id, name }) => (
              <ListItem key={id}>{name}</ListItem>
            ))}
          </List>
        )}
      </ModalBody>
      <ModalFooter>
        <Button variant="danger" onClick={confirm}>
          {t(`action.${type}`)}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('cancel', { ns: 'words' })}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
