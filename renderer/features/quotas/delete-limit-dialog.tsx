// Owns asking before a quota or a limit range is deleted, and what that means to the machines of its project.
// Must not stop any machine: what runs goes on.
import { Content } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';

export interface DeleteLimitDialogProps {
  readonly resource: 'resourcequotas' | 'limitranges';
  readonly namespace: string;
  readonly name: string;
  readonly onClose: () => void;
}

export function DeleteLimitDialog({ resource, namespace, name, onClose }: DeleteLimitDialogProps) {
  const { t } = useTranslation('quotas');
  const client = useClient();
  return (
    <FormDialog
      id="delete-limit"
      title={t(`ask.${resource}`, { name })}
      grave="warning"
      button={t('ask.delete')}
      failed={t('form.notDeleted', { name })}
      isReady
      send={() => client.delete({ resource, namespace, name })}
      onClose={onClose}
    >
      <Content component="p">{t(`ask.means.${resource}`, { project: namespace })}</Content>
    </FormDialog>
  );
}
