// Owns asking the core whether a machine that is not made yet could be made and started.
// Must not judge.
import type { StartCheck } from '../../../electron/api/start-check.ts';
import { answeredCheck } from '../../client/answered-check.ts';
import type { Client } from '../../client/client.ts';
import { draftsOf, type Manifests } from './manifests.ts';

export function draftCheck(client: Pick<Client, 'startCheck'>, manifests: Manifests, signal: AbortSignal): Promise<StartCheck> {
  return answeredCheck(client, manifests.machine.metadata, { objects: draftsOf(manifests), signal });
}
