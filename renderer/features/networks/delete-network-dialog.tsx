// Owns asking before a network is deleted: which machines are on it, and what that means to them.
// Must not leave a machine that runs on a network that is gone: nobody could put its card back.
import { Alert, Content, List, ListItem } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { MachineLink } from './machine-link.tsx';
import type { NetworkView } from './network-view.ts';

export function DeleteNetworkDialog({ network, onClose }: { readonly network: NetworkView; readonly onClose: () => void }) {
  const { t } = useTranslation('networks');
  const client = useClient();
  const { namespace, name, bridge, usedBy } = network;
  const running = usedBy.filter(({ isRunning }) => isRunning);
  return (
    <FormDialog
      id="delete-network"
      title={t('delete.title', { name })}
      grave={running.length > 0 ? 'danger' : 'warning'}
      button={t('list.delete')}
      failed={t('failed.remove')}
      isReady={running.length === 0}
      send={() => client.delete({ resource: 'network-attachment-definitions.k8s.cni.cncf.io', namespace, name })}
      onClose={onClose}
    >
      {usedBy.length > 0 && (
        <Alert
          component="p"
          isInline
          variant={running.length > 0 ? 'danger' : 'warning'}
          title={t(running.length > 0 ? 'delete.inUse' : 'delete.used', { count: usedBy.length })}
        >
          <List isPlain>
            {usedBy.map((user) => (
              <ListItem key={`${user.namespace}/${user.name}`}>
                <MachineLink user={user} /> {user.isRunning && <span className="vd-subtle">{t('delete.running')}</span>}
              </ListItem>
            ))}
          </List>
        </Alert>
      )}
      <Content component="p">
        {running.length > 0
          ? t('delete.takeOut', { count: running.length })
          : t(bridge === undefined ? 'delete.body' : 'delete.keepsBridge', { bridge })}
      </Content>
    </FormDialog>
  );
}
