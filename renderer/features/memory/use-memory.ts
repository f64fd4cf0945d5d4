// Owns who has which memory, live while somebody looks.
// Must not decide who is ended first.
import { useCallback } from 'react';
import type { MemoryReport } from '../../../electron/api/memory.ts';
import { useClient } from '../../client/context.tsx';
import { type LastLine, useLastLine } from '../../client/last-line.ts';

export function useMemory(): LastLine<MemoryReport> {
  const client = useClient();
  const open = useCallback((signal: AbortSignal) => client.watchMemory(signal), [client]);
  return useLastLine(open);
}
