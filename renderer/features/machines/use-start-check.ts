// Owns asking the core whether a machine could start, and why not.
// Must not start it.
import { useCallback } from 'react';
import type { StartCheck } from '../../../electron/api/start-check.ts';
import { answeredCheck } from '../../client/answered-check.ts';
import { useClient } from '../../client/context.tsx';
import { type Loaded, useLoaded } from '../../client/hooks.ts';
import type { MachineView } from './machine-view.ts';

export type LoadedCheck = Loaded<StartCheck> & { readonly again: () => void };

/** Asks again whenever the definition changes. */
export function useStartCheck({ namespace, name, vm }: Pick<MachineView, 'namespace' | 'name' | 'vm'>): LoadedCheck {
  const client = useClient();
  const load = useCallback((signal: AbortSignal) => answeredCheck(client, { namespace, name }, { signal }), [client, namespace, name]);
  return useLoaded(load, vm.metadata.generation);
}
