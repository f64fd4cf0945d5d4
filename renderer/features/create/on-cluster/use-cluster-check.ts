// Owns asking a cluster whether it would take the machine: a rehearsal, of which nothing is stored.
// Must not judge, and not ask while nobody looks.
import { useEffect, useState } from 'react';
import type { StartCheck } from '../../../../electron/api/start-check.ts';
import { ApiError } from '../../../client/api-error.ts';
import type { Client } from '../../../client/client.ts';
import { useClient } from '../../../client/context.tsx';
import type { Manifests } from '../manifests.ts';
import type { DraftCheck } from '../use-draft-check.ts';

interface Answered {
  readonly manifests: Manifests;
  readonly answer: DraftCheck;
}

/** The answer is of these manifests, never of earlier ones. */
export function useClusterCheck(manifests: Manifests | undefined): DraftCheck {
  const client = useClient();
  const [answered, setAnswered] = useState<Answered>();
  useEffect(() => {
    if (manifests === undefined) return undefined;
    const stop = new AbortController();
    const done = (answer: DraftCheck): void => {
      if (!stop.signal.aborted) setAnswered({ manifests, answer });
    };
    clusterCheck(client, manifests, stop.signal).then(
      (value) => done({ phase: 'ready', value }),
      (error: unknown) => done({ phase: 'failed', error: error instanceof Error ? error : new Error(String(error)) }),
    );
    return () => stop.abort();
  }, [client, manifests]);
  return answered !== undefined && answered.manifests === manifests ? answered.answer : { phase: 'loading' };
}

export async function clusterCheck(
  client: Pick<Client, 'create'>,
  { secret, machine }: Manifests,
  signal: AbortSignal,
): Promise<StartCheck> {
  const rehearsals = [
    ...(secret === undefined ? [] : [client.create('secrets', secret, { dryRun: true, signal })]),
    client.create('virtualmachines.kubevirt.io', machine, { dryRun: true, signal }),
  ];
  const answers = await Promise.allSettled(rehearsals);
  const causes = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [] : causesOf(answer.reason)));
  return { apiVersion: 'virtdeck.io/v1alpha1', kind: 'StartCheck', allowed: causes.length === 0, causes, warnings: [], passed: [] };
}

/** Rethrows what is no refusal: then nobody has judged. */
function causesOf(error: unknown): StartCheck['causes'] {
  if (!(error instanceof ApiError)) throw error;
  return error.causes.length > 0 ? error.causes : [{ reason: 'Refused', field: '', message: error.message }];
}
