// Owns editing which devices of this computer a machine has.
// Must not hand any out; the core does at the start.
import { Alert, Button, Checkbox, Form, Modal, ModalBody, ModalFooter, ModalHeader, Skeleton } from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { useHostDevices } from '../../client/device-hooks.ts';
import { FormFailure } from '../../ui/form-failure.tsx';
import { devicesProblem } from '../../ui/host-device-drafts.ts';
import { HostDeviceFields } from '../../ui/host-device-fields.tsx';
import { failureOf } from '../../ui/notices.tsx';
import { hostDevicesDraft, hostDevicesPatch } from './host-device-edits.ts';
import type { MachineView } from './machine-view.ts';

export function HostDevicesDialog({ machine, onClose }: { readonly machine: MachineView; readonly onClose: () => void }) {
  const { t } = useTranslation(['passthrough', 'machines', 'words']);
  const client = useClient();
  const report = useHostDevices();
  const [draft, setDraft] = useState(() => hostDevicesDraft(machine.vm));
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const { namespace, name, vm } = machine;
  const problem = devicesProblem(draft.rows);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const patch = hostDevicesPatch(vm, draft);
      if (patch.length > 0) await client.patch({ resource: 'virtualmachines.kubevirt.io', namespace, name }, patch);
      onClose();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (problem === undefined && !busy) void save();
  };
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-labelledby="host-devices-title">
      <ModalHeader labelId="host-devices-title" title={t('title')} description={t('note')} />
      <ModalBody>
        <Form id="host-devices-form" onSubmit={onSubmit}>
          {error !== undefined && <FormFailure title={t('failed.save', { ns: 'machines' })} failure={failureOf(error)} />}
          {report === undefined ? (
            <Skeleton height="6rem" screenreaderText={t('offers')} />
          ) : (
            <HostDeviceFields
              id="host-device"
              rows={draft.rows}
              offers={report.resources}
              onChange={(rows) => setDraft({ ...draft, rows })}
            />
          )}
          {draft.rows.length > 0 && (
            <Checkbox
              id="hide-hypervisor"
              label={t('hideHypervisor')}
              description={t('hideHypervisorNote')}
              isChecked={draft.hideHypervisor}
              onChange={(_event, hideHypervisor) => setDraft({ ...draft, hideHypervisor })}
            />
          )}
          {machine.state.phase === 'Running' && (
            <Alert component="p" isInline isPlain variant="info" title={t('edit.afterRestart', { ns: 'machines' })} />
          )}
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form="host-devices-form" isDisabled={problem !== undefined || busy} isLoading={busy}>
          {t('save', { ns: 'words' })}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('cancel', { ns: 'words' })}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
