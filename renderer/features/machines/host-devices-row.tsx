// Owns the row of a machine's devices of this computer, what it has of them now, and its pencil.
// Must not load the dialog before it is wanted.
import { Label } from '@patternfly/react-core';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Row } from './detail-row.tsx';
import { hostDevicesDraft } from './host-device-edits.ts';
import { type HostDeviceState, hostDeviceStates } from './host-device-states.ts';
import type { MachineView } from './machine-view.ts';

const HostDevicesDialog = lazy(() => import('./host-devices-dialog.tsx').then((file) => ({ default: file.HostDevicesDialog })));

export function HostDevicesRow({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('passthrough');
  const [isOpen, setOpen] = useState(false);
  const { rows } = hostDevicesDraft(machine.vm);
  const states = hostDeviceStates(
    rows.map(({ name }) => name),
    machine.vmi,
  );
  const leaving = states.filter(({ id }) => id === 'releasing');
  return (
    <>
      <Row term={t('title')} onEdit={() => setOpen(true)}>
        {rows.length + leaving.length > 0 && (
          <>
            {rows.map(({ key, name, resourceName, address }) => (
              <div key={key}>
                {address === '' ? t('list', { name, resource: resourceName }) : t('listFixed', { name, resource: resourceName, address })}{' '}
                <StateLabel state={states.find((state) => state.name === name)} />
              </div>
            ))}
            {leaving.map((state) => (
              <div key={state.name}>
                {state.name} <StateLabel state={state} />
              </div>
            ))}
          </>
        )}
      </Row>
      <Suspense>{isOpen && <HostDevicesDialog machine={machine} onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}

const looks = { plugged: 'success', waiting: 'info', releasing: 'warning' } as const;

function StateLabel({ state }: { readonly state: HostDeviceState | undefined }) {
  const { t } = useTranslation('passthrough');
  if (state === undefined) return undefined;
  const addresses = 'addresses' in state ? state.addresses.join(', ') : '';
  return (
    <Label isCompact status={looks[state.id]}>
      {t(`has.${state.id}`, { addresses })}
    </Label>
  );
}
