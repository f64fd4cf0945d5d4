// Owns asking the core whether a machine that is not made yet could be made and started.
// Must not judge.
import type { StartCheck } from '../../../electron/api/start-check.ts';
import { ApiError } from '../../client/api-error.ts';
import type { Client } from '../../client/client.ts';
import { draftsOf, type Manifests } from './manifests.ts';

/** A refusal of the manifests themselves is an answer, too: they could not even be stored. */
export async function draftCheck(client: Pick<Client, 'startCheck'>, manifests: Manifests, signal: AbortSignal): Promise<StartCheck> {
  try {
    return await client.startCheck(manifests.machine.metadata, { objects: draftsOf(manifests), signal });
  } catch (error) {
    if (!(error instanceof ApiError) || error.causes.length === 0) throw error;
    const { causes } = error;
    return { apiVersion: 'virtdeck.io/v1alpha1', kind: 'StartCheck', allowed: false, causes, warnings: [], passed: [] };
  }
}
