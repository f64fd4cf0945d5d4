// Owns the user's settings as the window reads and changes them: those of this computer, wherever the window works.
// Must not apply them.
import { useCallback } from 'react';
import type { SettingsSpec } from '../../electron/api/kinds/settings.ts';
import { ApiError } from './api-error.ts';
import type { Key } from './client.ts';
import { useHome } from './context.tsx';
import { useHomeObject } from './hooks.ts';

const key: Key<'settings.virtdeck.io'> = { resource: 'settings.virtdeck.io', name: 'default' };

/** `spec` is undefined until the core has answered, or when nothing was ever changed. */
export function useSettings(): { readonly spec?: SettingsSpec; readonly save: (change: Partial<SettingsSpec>) => Promise<void> } {
  const { client } = useHome();
  const { object } = useHomeObject(key);
  const save = useCallback(
    async (change: Partial<SettingsSpec>) => {
      try {
        await client.patch(key, { spec: change });
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 404) throw error;
        const draft = { apiVersion: 'virtdeck.io/v1alpha1', kind: 'Settings', metadata: { name: key.name }, spec: change };
        await client.create(key.resource, draft);
      }
    },
    [client],
  );
  return { spec: object?.spec, save };
}
