// Owns asking the core what a file is, once the path has stood still.
// Must not judge the answer.
import { useEffect, useEffectEvent, useState } from 'react';
import type { ImageInspection } from '../../../electron/api/computer.ts';
import { useClient } from '../../client/context.tsx';

export type InspectionState =
  { readonly type: 'idle' } | { readonly type: 'asking' } | { readonly type: 'failed'; readonly message: string };

/** Typing pauses longer than this between words, hardly within one. */
const stillMs = 400;
const idle: InspectionState = { type: 'idle' };

export function useInspection(
  path: string,
  known: ImageInspection | undefined,
  onFound: (inspection: ImageInspection) => void,
): InspectionState {
  const client = useClient();
  const [state, setState] = useState<InspectionState>(idle);
  const found = useEffectEvent(onFound);
  const wanted = path.startsWith('/') && known?.path !== path;
  useEffect(() => {
    if (!wanted) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      setState({ type: 'asking' });
      client.inspectImage(path, stop.signal).then(
        (inspection) => {
          if (stop.signal.aborted) return;
          setState(idle);
          // The core may answer with the path it resolved; the form compares with what was typed.
          found({ ...inspection, path });
        },
        (error: unknown) => {
          if (!stop.signal.aborted) setState({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
        },
      );
    }, stillMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
      setState(idle);
    };
  }, [client, path, wanted]);
  return state;
}
