// Owns asking the core whether a machine that is not made yet could be made and started.
// Must not judge.
import type { StartCheck } from '../../../electron/api/computer.ts';
import { ApiError } from '../../client/api-error.ts';
import type { Client } from '../../client/client.ts';
import { draftsOf, type Manifests } from './manifests.ts';

const resourceOf = { Secret: 'secrets', VirtualMachine: 'virtualmachines.kubevirt.io' } as const;

/**
 * The start check of the draft. A cluster, or an older core, has none for drafts: then a rehearsed creation says whether the
 * manifests are accepted, without the command.
 */
export async function draftCheck(client: Client, manifests: Manifests, signal: AbortSignal): Promise<StartCheck> {
  try {
    return await client.startCheckDraft(manifests.machine, signal);
  } catch (error) {
    if (!(error instanceof ApiError) || (error.status !== 404 && error.status !== 405)) throw error;
    return rehearsal(client, manifests, signal);
  }
}

async function rehearsal(client: Client, manifests: Manifests, signal: AbortSignal): Promise<StartCheck> {
  const refusals = await Promise.all(
    draftsOf(manifests).map((draft) =>
      client.create(resourceOf[draft.kind === 'Secret' ? 'Secret' : 'VirtualMachine'], draft, { dryRun: true, signal }).then(
        () => [],
        (error: unknown) => {
          if (error instanceof ApiError) return causesOf(error);
          throw error;
        },
      ),
    ),
  );
  const causes = refusals.flat();
  return { apiVersion: 'virtdeck.io/v1alpha1', kind: 'StartCheck', allowed: causes.length === 0, causes, warnings: [], passed: [] };
}

function causesOf({ causes, reason, message }: ApiError): StartCheck['causes'] {
  return causes.length > 0 ? causes : [{ reason, field: '', message }];
}
