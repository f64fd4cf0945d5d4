// Owns asking before the saved state of a suspended machine is discarded.
// Must not act before the answer.
import { Content } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import type { MachineView } from './machine-view.ts';

export interface DiscardStateDialogProps {
  readonly machine: MachineView;
  readonly onClose: () => void;
}

export function DiscardStateDialog({ machine: { namespace, name }, onClose }: DiscardStateDialogProps) {
  const { t } = useTranslation('snapshots');
  const client = useClient();
  return (
    <FormDialog
      id="discard-state"
      title={t('saved.ask', { name })}
      grave="warning"
      button={t('saved.discard')}
      failed={t('saved.failed')}
      isReady
      send={() => client.discardSavedState({ namespace, name })}
      onClose={onClose}
    >
      <Content component="p">{t('saved.lost')}</Content>
    </FormDialog>
  );
}
