// Owns editing which devices of this computer a machine has.
// Must not hand any out; the core does at the start.
import { Alert, Skeleton } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { useHostDevices } from '../../client/device-hooks.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { devicesProblem } from '../../ui/host-device-drafts.ts';
import { HostDeviceFields } from '../../ui/host-device-fields.tsx';
import { hostDevicesDraft, hostDevicesPatch } from './host-device-edits.ts';
import type { MachineView } from './machine-view.ts';

export function HostDevicesDialog({ machine, onClose }: { readonly machine: MachineView; readonly onClose: () => void }) {
  const { t } = useTranslation(['passthrough', 'machines', 'words']);
  const client = useClient();
  const report = useHostDevices();
  const [draft, setDraft] = useState(() => hostDevicesDraft(machine.vm));
  const { namespace, name, vm } = machine;
  const send = async (): Promise<void> => {
    const patch = hostDevicesPatch(vm, draft);
    if (patch.length > 0) await client.patch({ resource: 'virtualmachines.kubevirt.io', namespace, name }, patch);
  };
  return (
    <FormDialog
      id="host-devices"
      variant="medium"
      title={t('title')}
      note={t('note')}
      button={t('save', { ns: 'words' })}
      failed={t('failed.save', { ns: 'machines' })}
      isReady={devicesProblem(draft) === undefined}
      send={send}
      onClose={onClose}
    >
      {report === undefined ? (
        <Skeleton height="6rem" screenreaderText={t('offers')} />
      ) : (
        <HostDeviceFields id="host-device" choice={draft} map={report} onChange={setDraft} />
      )}
      {machine.state.phase === 'Running' && <Alert component="p" isInline isPlain variant="info" title={t('atOnce')} />}
    </FormDialog>
  );
}
