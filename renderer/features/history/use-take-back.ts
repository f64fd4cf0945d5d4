// Owns undoing a revision or restoring its version, and saying how it went.
// Must not ask before: both can be undone in their turn.
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TakeBack } from '../../client/client.ts';
import { useClient } from '../../client/context.tsx';
import { useNotices } from '../../ui/notices.tsx';

export interface Taken {
  /** Name of the revision under way. */
  readonly busy: string | undefined;
  readonly takeBack: (how: TakeBack, revision: { readonly id: string; readonly name: string }) => Promise<void>;
}

export function useTakeBack(): Taken {
  const { t } = useTranslation('history');
  const client = useClient();
  const { add, fail } = useNotices();
  const [busy, setBusy] = useState<string>();
  const takeBack = useCallback(
    async (how: TakeBack, { id, name }: { readonly id: string; readonly name: string }) => {
      setBusy(id);
      try {
        await client.takeBack(how, id);
        add({ variant: 'success', title: t(how === 'undo' ? 'undone' : 'restored', { name }) });
      } catch (error) {
        fail(t(how === 'undo' ? 'notUndone' : 'notRestored', { name }), error);
      } finally {
        setBusy(undefined);
      }
    },
    [client, add, fail, t],
  );
  return { busy, takeBack };
}
