// Owns asking for the start check of the draft while the review is open.
// Must not ask for steps that nobody looks at.
import { useEffect, useState } from 'react';
import type { StartCheck } from '../../../electron/api/start-check.ts';
import { useClient } from '../../client/context.tsx';
import type { Loaded } from '../../client/hooks.ts';
import { draftCheck } from './draft-check.ts';
import type { Manifests } from './manifests.ts';

export type DraftCheck = Loaded<StartCheck>;

interface Answered {
  readonly manifests: Manifests;
  readonly answer: DraftCheck;
}
const loading: DraftCheck = { phase: 'loading' };

/** `manifests` undefined: not asked. The answer is of these manifests, never of earlier ones. */
export function useDraftCheck(manifests: Manifests | undefined): DraftCheck {
  const client = useClient();
  const [answered, setAnswered] = useState<Answered>();
  useEffect(() => {
    if (manifests === undefined) return undefined;
    const stop = new AbortController();
    const done = (answer: DraftCheck): void => {
      if (!stop.signal.aborted) setAnswered({ manifests, answer });
    };
    draftCheck(client, manifests, stop.signal).then(
      (value) => done({ phase: 'ready', value }),
      (error: unknown) => done({ phase: 'failed', error: error instanceof Error ? error : new Error(String(error)) }),
    );
    return () => stop.abort();
  }, [client, manifests]);
  return answered !== undefined && answered.manifests === manifests ? answered.answer : loading;
}
