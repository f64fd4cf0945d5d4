// Owns editing the description of a machine.
// Must not edit anything that the guest would notice.
import { FormGroup, TextArea } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { descriptionPatch } from './machine-edits.ts';
import type { MachineView } from './machine-view.ts';

export function DescribeDialog({ machine, onClose }: { readonly machine: MachineView; readonly onClose: () => void }) {
  const { t } = useTranslation('machines');
  const client = useClient();
  const [text, setText] = useState(machine.description ?? '');
  const { namespace, name } = machine;
  return (
    <FormDialog
      id="describe"
      title={t('describe.title', { name })}
      button={t('save', { ns: 'words' })}
      failed={t('failed.save')}
      isReady
      send={() => client.patch({ resource: 'virtualmachines.kubevirt.io', namespace, name }, descriptionPatch(machine.vm, text))}
      onClose={onClose}
    >
      <FormGroup label={t('describe.label')} fieldId="describe-text">
        <TextArea id="describe-text" value={text} onChange={(_event, value) => setText(value)} rows={3} resizeOrientation="vertical" />
      </FormGroup>
    </FormDialog>
  );
}
