// Owns setting how many virtual functions a card has.
// Must not bind them; each is a device of its own on the map afterwards.
import { Content, FormGroup, FormHelperText, HelperText, HelperTextItem, NumberInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PciDevice, SriovFact } from '../../../electron/api/host-devices.ts';
import { useClient } from '../../client/context.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { nameOf } from '../../ui/device-groups.ts';

export interface FunctionsDialogProps {
  readonly device: PciDevice;
  readonly sriov: SriovFact;
  readonly onClose: () => void;
}

export function FunctionsDialog({ device, sriov, onClose }: FunctionsDialogProps) {
  const { t } = useTranslation('allowed');
  const client = useClient();
  const { numvfs, totalvfs } = sriov;
  const [count, setCount] = useState(numvfs);
  const set = (next: number): void => setCount(Math.max(0, Math.min(totalvfs, Number.isInteger(next) ? next : 0)));
  return (
    <FormDialog
      id="functions"
      title={t('functions.title')}
      note={`${nameOf(device)}, ${device.address}`}
      button={t('functions.button')}
      failed={t('functions.failed')}
      isReady={count !== numvfs}
      send={() => client.setVirtualFunctions(device.address, count)}
      onClose={onClose}
    >
      <FormGroup label={t('functions.count')} fieldId="functions-count">
        <NumberInput
          inputAriaLabel={t('functions.count')}
          minusBtnAriaLabel={t('functions.fewer')}
          plusBtnAriaLabel={t('functions.more')}
          inputProps={{ id: 'functions-count' }}
          value={count}
          min={0}
          max={totalvfs}
          onMinus={() => set(count - 1)}
          onPlus={() => set(count + 1)}
          onChange={(event) => set(Number(event.currentTarget.value))}
        />
        <FormHelperText>
          <HelperText>
            <HelperTextItem>{t('functions.most', { count: totalvfs })}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
      {numvfs > 0 && count !== numvfs && <Content component="p">{t('functions.replaced', { count: numvfs })}</Content>}
      <Content component="p">{t('functions.restart')}</Content>
    </FormDialog>
  );
}
