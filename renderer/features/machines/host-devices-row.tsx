// Owns the row of a machine's devices of this computer, with its pencil.
// Must not load the dialog before it is wanted.
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Row } from './detail-row.tsx';
import { hostDevicesDraft } from './host-device-edits.ts';
import type { MachineView } from './machine-view.ts';

const HostDevicesDialog = lazy(() => import('./host-devices-dialog.tsx').then((file) => ({ default: file.HostDevicesDialog })));

export function HostDevicesRow({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('passthrough');
  const [isOpen, setOpen] = useState(false);
  const { rows } = hostDevicesDraft(machine.vm);
  return (
    <>
      <Row term={t('title')} onEdit={() => setOpen(true)}>
        {rows.length > 0 &&
          rows.map(({ key, name, resourceName, address }) => (
            <div key={key}>
              {address === '' ? t('list', { name, resource: resourceName }) : t('listFixed', { name, resource: resourceName, address })}
            </div>
          ))}
      </Row>
      <Suspense>{isOpen && <HostDevicesDialog machine={machine} onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
