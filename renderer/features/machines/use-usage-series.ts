// Owns the figures of one machine for its charts: the history first, then every new sample.
// Must not keep more than an hour.
import { useCallback, useMemo } from 'react';
import type { UsageSample } from '../../../electron/api/computer.ts';
import { useClient } from '../../client/context.tsx';
import { useLoaded, useUsage } from '../../client/hooks.ts';

const keptMs = 3_600_000;
const none: readonly UsageSample[] = [];

export function useUsageSeries(namespace: string, name: string): readonly UsageSample[] {
  const client = useClient();
  const load = useCallback((signal: AbortSignal) => client.usageHistory({ namespace, name }, signal), [client, namespace, name]);
  const history = useLoaded(load).value ?? none;
  const live = useUsage(namespace, name);
  return useMemo(() => joined(history, live), [history, live]);
}

/** Both oldest first; what both have is taken once. */
export function joined(history: readonly UsageSample[], live: readonly UsageSample[]): readonly UsageSample[] {
  const newest = live.at(-1)?.at ?? history.at(-1)?.at ?? 0;
  const firstLive = live[0]?.at ?? Number.POSITIVE_INFINITY;
  return [...history.filter(({ at }) => at < firstLive), ...live].filter(({ at }) => at > newest - keptMs);
}
