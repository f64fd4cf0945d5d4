// Owns making a bridge of this computer: what will be done is said before a password is asked for.
// Must not put anything on it.
import { Alert, Checkbox } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NetworkReport } from '../../../electron/api/networks.ts';
import { privilegedWords } from '../../../electron/api/privileged.ts';
import { useClient } from '../../client/context.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { isInterfaceName } from './network-view.ts';

export interface MakeBridgeDialogProps {
  readonly privilege: NetworkReport['privilege'];
  readonly onClose: () => void;
}

export function MakeBridgeDialog({ privilege, onClose }: MakeBridgeDialogProps) {
  const { t } = useTranslation('networks');
  const client = useClient();
  const [name, setName] = useState('');
  const [vlanFiltering, setVlanFiltering] = useState(false);
  const isReady = isInterfaceName(name) && privilege !== 'none';
  const words = privilegedWords({ verb: 'bridge-create', name: isInterfaceName(name) ? name : '…', vlanFiltering });
  return (
    <FormDialog
      id="bridge"
      title={t('makeBridge.title')}
      button={t('makeBridge.button')}
      failed={t('failed.bridge')}
      isReady={isReady}
      send={() => client.makeBridge({ name, vlanFiltering })}
      onClose={onClose}
    >
      <TextField
        id="bridge-name"
        label={t('create.name')}
        value={name}
        isRequired
        problem={isInterfaceName(name) ? undefined : t('makeBridge.invalid')}
        onChange={setName}
      />
      <Checkbox
        id="bridge-vlans"
        label={t('makeBridge.vlans')}
        description={t('makeBridge.vlansHelp')}
        isChecked={vlanFiltering}
        onChange={(_event, on) => setVlanFiltering(on)}
      />
      <Alert
        component="p"
        isInline
        variant={privilege === 'none' ? 'warning' : 'info'}
        title={t(`makeBridge.what.${privilege}`, { words })}
      />
    </FormDialog>
  );
}
