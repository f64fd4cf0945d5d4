// Owns asking before a bridge is removed: what will be done is said before a password is asked for.
// Must not take anything off it.
import { Alert, Content } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { NetworkReport } from '../../../electron/api/networks.ts';
import { privilegedWords } from '../../../electron/api/privileged.ts';
import { useClient } from '../../client/context.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import type { NetworkView } from './network-view.ts';

export interface RemoveBridgeDialogProps {
  readonly name: string;
  /** All that there are; those on the bridge are named. */
  readonly networks: readonly NetworkView[];
  readonly privilege: NetworkReport['privilege'];
  readonly onClose: () => void;
}

export function RemoveBridgeDialog({ name, networks, privilege, onClose }: RemoveBridgeDialogProps) {
  const { t } = useTranslation('networks');
  const client = useClient();
  const names = networks.filter(({ bridge }) => bridge === name).map((network) => network.name);
  return (
    <FormDialog
      id="remove-bridge"
      title={t('removeBridge.title', { name })}
      grave="warning"
      button={t('bridges.remove')}
      failed={t('failed.remove')}
      isReady={privilege !== 'none'}
      send={() => client.removeBridge(name)}
      onClose={onClose}
    >
      <Content component="p">
        {names.length === 0 ? t('removeBridge.unused') : t('removeBridge.used', { count: names.length, networks: names.join(', ') })}
      </Content>
      <Alert
        component="p"
        isInline
        variant={privilege === 'none' ? 'warning' : 'info'}
        title={t(`makeBridge.what.${privilege}`, { words: privilegedWords({ verb: 'bridge-delete', name }) })}
      />
    </FormDialog>
  );
}
