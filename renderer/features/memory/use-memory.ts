// Owns who has which memory: a stream while somebody looks at it and the window is seen.
// Must not ask when hidden.
import { useEffect, useEffectEvent, useState } from 'react';
import type { MemoryReport } from '../../../electron/api/memory.ts';
import { useClient } from '../../client/context.tsx';
import { pause } from '../../client/timing.ts';

const retryMs = 2_000;

/** Undefined until the first report. `show` takes one that came as an answer. */
export function useMemory(): { readonly report: MemoryReport | undefined; readonly show: (report: MemoryReport) => void } {
  const client = useClient();
  const [report, setReport] = useState<MemoryReport>();
  const run = useEffectEvent(async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        for await (const line of client.watchMemory(signal)) setReport(line);
      } catch {
        // The banner says that the line is lost.
      }
      if (!signal.aborted) await pause(retryMs, signal);
    }
  });
  useEffect(() => {
    let stop = new AbortController();
    const follow = (): void => {
      stop.abort();
      stop = new AbortController();
      if (!document.hidden) void run(stop.signal);
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      stop.abort();
    };
  }, []);
  return { report, show: setReport };
}
