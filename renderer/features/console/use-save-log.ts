// Owns saving the whole serial log, from power-on, as the core kept it.
// Must not take it from the terminal: its scrollback has an end.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { downloadBlob } from '../../ui/download.ts';
import { useNotices } from '../../ui/notices.tsx';
import { type ConsoleTarget, savedName } from './console-model.ts';

export function useSaveLog({ namespace, name }: ConsoleTarget): () => void {
  const { t } = useTranslation('console');
  const client = useClient();
  const { fail } = useNotices();
  return useCallback(() => {
    client.serialLog({ namespace, name }).then(
      (log) => downloadBlob(savedName(name, 'log', new Date()), log),
      (error: unknown) => fail(t('serial.notSaved'), error),
    );
  }, [client, namespace, name, fail, t]);
}
