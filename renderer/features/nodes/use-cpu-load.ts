// Owns the live load of the processors, while somebody looks.
// Must not smooth or scale it.
import { useCallback } from 'react';
import type { CpuLoadLine } from '../../../electron/api/node-map.ts';
import { useClient } from '../../client/context.tsx';
import { useLastLine } from '../../client/last-line.ts';

const nothing: CpuLoadLine['busy'] = {};

/** Percent by Linux' number; empty until the first second has passed. */
export function useCpuLoad(): CpuLoadLine['busy'] {
  const client = useClient();
  const open = useCallback((signal: AbortSignal) => client.cpuLoad(signal), [client]);
  return useLastLine(open).last?.busy ?? nothing;
}
