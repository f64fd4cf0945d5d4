// Owns what can be done with one PCI device: allowing it, and setting its virtual functions.
// Must not hand it over; the guide does.
import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PciDevice } from '../../../electron/api/host-devices.ts';
import { pciDraft, rowFor } from './allow-list.ts';
import { useAllowing } from './allowing.tsx';
import { FunctionsDialog } from './functions-dialog.tsx';

export function DeviceActions({ device }: { readonly device: PciDevice }) {
  const { t } = useTranslation('allowed');
  const { rows, allow, edit } = useAllowing();
  const [isSetting, setSetting] = useState(false);
  const { sriov } = device;
  const row = rowFor(rows, pciDraft(device));
  return (
    <>
      <div className="vd-group-labels">
        <Button variant="link" isInline onClick={() => (row === undefined ? allow(pciDraft(device)) : edit(row))}>
          {row === undefined ? t('allow') : t('dialog.edit')}
        </Button>
        {sriov !== undefined && (
          <Button variant="link" isInline onClick={() => setSetting(true)}>
            {t('functions.set')}
          </Button>
        )}
      </div>
      {isSetting && sriov !== undefined && <FunctionsDialog device={device} sriov={sriov} onClose={() => setSetting(false)} />}
    </>
  );
}
