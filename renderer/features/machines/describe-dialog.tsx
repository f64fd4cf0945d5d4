// Owns editing the description of a machine.
// Must not edit anything that the guest would notice.
import { Button, Form, FormGroup, Modal, ModalBody, ModalFooter, ModalHeader, TextArea } from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { failureOf } from '../../ui/notices.tsx';
import { FormFailure } from '../../ui/form-failure.tsx';
import { descriptionPatch } from './machine-edits.ts';
import type { MachineView } from './machine-view.ts';

export function DescribeDialog({ machine, onClose }: { readonly machine: MachineView; readonly onClose: () => void }) {
  const { t } = useTranslation('machines');
  const client = useClient();
  const [text, setText] = useState(machine.description ?? '');
  const [error, setError] = useState<unknown>();
  const [saving, setSaving] = useState(false);
  const { namespace, name } = machine;
  const save = async (): Promise<void> => {
    setSaving(true);
    try {
      const key = { resource: 'virtualmachines.kubevirt.io', namespace, name } as const;
      await client.patch(key, descriptionPatch(machine.vm, text));
      onClose();
    } catch (problem) {
      setError(problem);
      setSaving(false);
    }
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    void save();
  };
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby="describe-title">
      <ModalHeader labelId="describe-title" title={t('describe.title', { name })} />
      <ModalBody>
        <Form id="describe-form" onSubmit={onSubmit}>
          {error !== undefined && <FormFailure title={t('failed.save')} failure={failureOf(error)} />}
          <FormGroup label={t('describe.label')} fieldId="describe-text">
            <TextArea id="describe-text" value={text} onChange={(_event, value) => setText(value)} rows={3} resizeOrientation="vertical" />
          </FormGroup>
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form="describe-form" isLoading={saving} isDisabled={saving}>
          {t('save', { ns: 'words' })}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('cancel', { ns: 'words' })}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
