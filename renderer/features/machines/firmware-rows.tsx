// Owns the rows of a machine's firmware and TPM: what is asked for, what the guest says of it, and the way back to factory settings.
// Must not hold the edit dialogs.
import { Button, Tooltip } from '@patternfly/react-core';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsComputer } from '../../client/context.tsx';
import { Row } from './detail-row.tsx';
import { firmwareOf, tpmChoice, tpmSecret } from './firmware-edits.ts';
import type { EditId } from './machine-editors.ts';
import type { MachineView } from './machine-view.ts';

const ResetFirmwareDialog = lazy(() => import('./reset-firmware-dialog.tsx').then((file) => ({ default: file.ResetFirmwareDialog })));

export interface FirmwareRowsProps {
  readonly machine: MachineView;
  readonly onEdit: (id: EditId) => void;
}

export function FirmwareRows({ machine, onEdit }: FirmwareRowsProps) {
  const { t } = useTranslation('firmware');
  const state = firmwareOf(machine.vm);
  const tpm = tpmChoice(machine.vm);
  const secret = tpmSecret(machine.vm);
  const isComputer = useIsComputer();
  return (
    <>
      <Row term={t('label')} onEdit={() => onEdit('firmware')}>
        {t(`kind.${state === 'bios' ? 'bios' : 'uefi'}`)}
      </Row>
      {state !== 'bios' && (
        <>
          <Row term={t('secureBoot')} onEdit={() => onEdit('firmware')}>
            {t(`state.${state}`)}
            <GuestSays machine={machine} />
          </Row>
          {isComputer && (
            <Row term={t('reset.label')}>
              <ResetButton machine={machine} />
            </Row>
          )}
        </>
      )}
      <Row term={t('tpm.label')} onEdit={() => onEdit('tpm')}>
        {t(`tpm.choice.${tpm}`)}
        {tpm === 'kept' && secret !== undefined && <span className="vd-subtle">{t('tpm.encrypted', { secret })}</span>}
      </Row>
    </>
  );
}

/** Nothing while nothing is known: a guest without an agent says nothing. */
function GuestSays({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('firmware');
  const said = machine.vmi?.status?.conditions?.find(({ type }) => type === 'SecureBootActive');
  if (said === undefined) return null;
  const word = said.reason === 'SetupMode' ? 'setup' : said.status === 'True' ? 'on' : 'off';
  return <span className="vd-subtle"> · {t(`guestSays.${word}`)}</span>;
}

function ResetButton({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('firmware');
  const [asking, setAsking] = useState(false);
  const { phase } = machine.state;
  const isStopped = phase === undefined || phase === 'Succeeded' || phase === 'Failed';
  const button = (
    <Button variant="link" isInline isAriaDisabled={!isStopped} onClick={isStopped ? () => setAsking(true) : undefined}>
      {t('reset.open')}
    </Button>
  );
  return (
    <>
      {isStopped ? button : <Tooltip content={t('reset.whileStopped')}>{button}</Tooltip>}
      <Suspense>{asking && <ResetFirmwareDialog machine={machine} onClose={() => setAsking(false)} />}</Suspense>
    </>
  );
}
