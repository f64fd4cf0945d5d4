// Owns asking for the start check of the draft while the review is open.
// Must not ask for steps that nobody looks at.
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { StartCheck } from '../../../electron/api/start-check.ts';
import { useClient } from '../../client/context.tsx';
import type { Loaded } from '../../client/hooks.ts';
import { draftCheck } from './draft-check.ts';
import type { Manifests } from './manifests.ts';

export type DraftCheck = Loaded<StartCheck> & {
  /** After something outside of the draft was mended; absent where nothing can be. */
  readonly again?: () => void;
};

/** One question; asking again is another one. */
interface Question {
  readonly manifests: Manifests | undefined;
  readonly round: number;
}

interface Answered {
  readonly question: Question;
  readonly answer: Loaded<StartCheck>;
}
const loading: Loaded<StartCheck> = { phase: 'loading' };

/** `manifests` undefined: not asked. The answer is of these manifests, never of earlier ones. */
export function useDraftCheck(manifests: Manifests | undefined): DraftCheck {
  const client = useClient();
  const [round, setRound] = useState(0);
  const [answered, setAnswered] = useState<Answered>();
  const again = useCallback(() => setRound((last) => last + 1), []);
  const question = useMemo<Question>(() => ({ manifests, round }), [manifests, round]);
  useEffect(() => {
    if (question.manifests === undefined) return undefined;
    const stop = new AbortController();
    const done = (answer: Loaded<StartCheck>): void => {
      if (!stop.signal.aborted) setAnswered({ question, answer });
    };
    draftCheck(client, question.manifests, stop.signal).then(
      (value) => done({ phase: 'ready', value }),
      (error: unknown) => done({ phase: 'failed', error: error instanceof Error ? error : new Error(String(error)) }),
    );
    return () => stop.abort();
  }, [client, question]);
  return { ...(answered?.question === question ? answered.answer : loading), again };
}
