// Owns the live load of the processors: a stream while somebody looks at it and the window is seen.
// Must not ask when hidden.
import { useEffect, useEffectEvent, useState } from 'react';
import type { CpuLoadLine } from '../../../electron/api/node-map.ts';
import { useClient } from '../../client/context.tsx';
import { pause } from '../../client/timing.ts';

const retryMs = 2_000;
const nothing: CpuLoadLine['busy'] = {};

/** Percent by Linux' number; empty until the first second has passed. */
export function useCpuLoad(): CpuLoadLine['busy'] {
  const client = useClient();
  const [busy, setBusy] = useState(nothing);
  const run = useEffectEvent(async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        for await (const line of client.cpuLoad(signal)) setBusy(line.busy);
      } catch {
        // The banner says that the line is lost; a load that stands still needs no message of its own.
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
  return busy;
}
