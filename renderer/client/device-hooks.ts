// Owns how components read this computer's devices and the trials of them, live while the window is seen.
// Must not bind anything; client.tryDevice, keepDevice and revertDevice do.
import { useCallback, useEffect, useEffectEvent, useState } from 'react';
import type { DeviceTrial } from '../../electron/api/device-trials.ts';
import type { HostDeviceReport } from '../../electron/api/host-devices.ts';
import type { PreparationChanges } from '../../electron/api/preparation.ts';
import { useClient } from './context.tsx';
import { pause } from './timing.ts';

const retryMs = 2_000;

/** Undefined until the first answer has come. */
export function useHostDevices(): HostDeviceReport | undefined {
  const client = useClient();
  const open = useCallback((signal: AbortSignal) => client.watchHostDevices(signal), [client]);
  return useLines(open);
}

/** Trials with their seconds left, and what was kept. Undefined until the first answer has come. */
export function useDeviceTrials(): readonly DeviceTrial[] | undefined {
  const client = useClient();
  const open = useCallback((signal: AbortSignal) => client.watchDeviceTrials(signal), [client]);
  const list = useLines(open);
  return list?.items;
}

/** What was changed in this computer's start, and what is being changed now. Undefined until the first answer has come. */
export function usePreparationChanges(): PreparationChanges | undefined {
  const client = useClient();
  const open = useCallback((signal: AbortSignal) => client.watchPreparationChanges(signal), [client]);
  return useLines(open);
}

/** The last line of a stream; `open` must be stable. */
function useLines<Line>(open: (signal: AbortSignal) => AsyncIterable<Line>): Line | undefined {
  const [last, setLast] = useState<Line>();
  const run = useEffectEvent(async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        for await (const line of open(signal)) setLast(line);
      } catch {
        // The banner says that the line is lost; what was told last stays.
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
    // oxlint-disable-next-line react/exhaustive-effect-dependencies, react-hooks/exhaustive-deps -- another stream is another question
  }, [open]);
  return last;
}
