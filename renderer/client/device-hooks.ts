// Owns how components read this computer's devices and the trials of them, live while the window is seen.
// Must not bind anything; client.tryDevice, keepDevice and revertDevice do.
import { useCallback } from 'react';
import type { DeviceTrial } from '../../electron/api/device-trials.ts';
import type { HostDeviceReport } from '../../electron/api/host-devices.ts';
import type { PreparationChanges } from '../../electron/api/preparation.ts';
import { useClient } from './context.tsx';
import { useLastLine } from './last-line.ts';

/** Undefined until the first answer has come. */
export function useHostDevices(): HostDeviceReport | undefined {
  const client = useClient();
  const open = useCallback((signal: AbortSignal) => client.watchHostDevices(signal), [client]);
  return useLastLine(open).last;
}

/** Trials with their seconds left, and what was kept. Undefined until the first answer has come. */
export function useDeviceTrials(): readonly DeviceTrial[] | undefined {
  const client = useClient();
  const open = useCallback((signal: AbortSignal) => client.watchDeviceTrials(signal), [client]);
  return useLastLine(open).last?.items;
}

/** What was changed in this computer's start, and what is being changed now. Undefined until the first answer has come. */
export function usePreparationChanges(): PreparationChanges | undefined {
  const client = useClient();
  const open = useCallback((signal: AbortSignal) => client.watchPreparationChanges(signal), [client]);
  return useLastLine(open).last;
}
