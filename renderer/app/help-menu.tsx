// Owns the help: keys, and where the version is.
// Must not be the only place where something is explained.
import {
  Button,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  Modal,
  ModalBody,
  ModalHeader,
} from '@patternfly/react-core';
import { QuestionCircleIcon as HelpIcon } from '@patternfly/react-icons/dist/esm/icons/question-circle-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

const keys = [
  { keys: 'Ctrl K', id: 'search' },
  { keys: 'Ctrl N', id: 'create' },
  { keys: '/', id: 'filter' },
  { keys: '↑ ↓', id: 'move' },
  { keys: 'Enter', id: 'open' },
  { keys: 'Space', id: 'select' },
  { keys: 'F2', id: 'rename' },
  { keys: 'Delete', id: 'delete' },
] as const;

export function HelpMenu() {
  const { t } = useTranslation('shell');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="plain" icon={<HelpIcon />} aria-label={t('help.label')} onClick={() => setOpen(true)} />
      <Modal isOpen={open} variant="small" onClose={() => setOpen(false)} aria-labelledby="help-title">
        <ModalHeader title={t('help.title')} labelId="help-title" description={t('help.description')} />
        <ModalBody>
          <DescriptionList isHorizontal isCompact>
            {keys.map((row) => (
              <DescriptionListGroup key={row.id}>
                <DescriptionListTerm>
                  <kbd className="vd-kbd">{row.keys}</kbd>
                </DescriptionListTerm>
                <DescriptionListDescription>{t(`help.keys.${row.id}`)}</DescriptionListDescription>
              </DescriptionListGroup>
            ))}
          </DescriptionList>
        </ModalBody>
      </Modal>
    </>
  );
}
