// Owns following a stream whose last line says everything, while somebody looks and the window is seen.
// Must not ask when hidden.
import { useEffect, useState } from 'react';
import { pause } from './timing.ts';

const retryMs = 2_000;

export interface LastLine<Line> {
  /** Undefined until the first has come; stays when the line is lost, of which the banner tells. */
  readonly last: Line | undefined;
  /** Takes one that came as an answer, before the stream says it. */
  readonly show: (line: Line) => void;
}

/** `open` must be stable: another one is another question. */
export function useLastLine<Line>(open: (signal: AbortSignal) => AsyncIterable<Line>): LastLine<Line> {
  const [last, setLast] = useState<Line>();
  useEffect(() => {
    let stop = new AbortController();
    const follow = (): void => {
      stop.abort();
      stop = new AbortController();
      if (!document.hidden) void takeLines(open, setLast, stop.signal);
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      stop.abort();
    };
  }, [open]);
  return { last, show: setLast };
}

async function takeLines<Line>(
  open: (signal: AbortSignal) => AsyncIterable<Line>,
  take: (line: Line) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const line of open(signal)) take(line);
    } catch {
      // Asked again below.
    }
    if (!signal.aborted) await pause(retryMs, signal);
  }
}
