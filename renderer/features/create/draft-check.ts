// Owns asking the core whether a machine that is not made yet could be made and started.
// Must not judge.
import type { StartCheck } from '../../../electron/api/computer.ts';
import { ApiError } from '../../client/api-error.ts';
import type { Client } from '../../client/client.ts';
import { draftsOf, type Manifests } from './manifests.ts';

/** A refusal of the manifests themselves is an answer, too: they could not even be stored. */
export async function draftCheck(client: Pick<Client, 'startCheckOf'>, manifests: Manifests, signal: AbortSignal): Promise<StartCheck> {
  try {
    return await client.startCheckOf(manifests.machine.metadata.namespace, draftsOf(manifests), signal);
  } catch (error) {
    if (!(error instanceof ApiError) || error.causes.length === 0) throw error;
    const { causes } = error;
    return { apiVersion: 'virtdeck.io/v1alpha1', kind: 'StartCheck', allowed: false, causes, warnings: [], passed: [] };
  }
}
