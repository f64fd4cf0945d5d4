// Owns asking whether a program that a kubeconfig names may run.
// Must not shorten what would run: these very words are what is agreed to.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Connection } from '../../../electron/api/kinds/connection.ts';
import { useClient } from '../../client/context.tsx';
import { useLoaded } from '../../client/hooks.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { CommandText } from './command-text.tsx';

export interface AllowDialogProps {
  readonly connection: Connection;
  readonly onClose: () => void;
}

export function AllowDialog({ connection, onClose }: AllowDialogProps) {
  const { t } = useTranslation('clusters');
  const client = useClient();
  const { metadata, spec } = connection;
  const { name } = metadata;
  const contexts = useLoaded(useCallback((signal: AbortSignal) => client.contexts(spec.kubeconfig, signal), [client, spec.kubeconfig]));
  const command = contexts.value?.contexts.find((context) => context.name === spec.context)?.command;
  const send = (): Promise<unknown> =>
    client.patch({ resource: 'connections.virtdeck.io', name }, { spec: { allowedCommand: [...(command ?? [])] } });
  return (
    <FormDialog
      id="allow-command"
      title={t('allow.title', { name })}
      variant="medium"
      button={t('allow.button')}
      failed={t('failed.save')}
      isReady={command !== undefined}
      send={send}
      onClose={onClose}
    >
      <CommandText command={command ?? []} />
    </FormDialog>
  );
}
