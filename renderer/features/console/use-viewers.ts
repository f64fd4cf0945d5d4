// Owns how many look at the consoles of a machine, live.
// Must not count this window out; who shows it knows whether it is connected.
import { useEffect, useState } from 'react';
import type { ConsoleViewers } from '../../../electron/api/verbs.ts';
import type { Client } from '../../client/client.ts';
import { useClient } from '../../client/context.tsx';
import { pause } from '../../client/timing.ts';
import type { ConsoleTarget } from './console-model.ts';

const nobody: ConsoleViewers = { console: 0, vnc: 0 };
const retryMs = 2000;

export function useViewers({ namespace, name }: ConsoleTarget): ConsoleViewers {
  const client = useClient();
  const [viewers, setViewers] = useState(nobody);
  useEffect(() => {
    const stop = new AbortController();
    void follow(client, { namespace, name }, { signal: stop.signal, onChange: setViewers });
    return () => stop.abort();
  }, [client, namespace, name]);
  return viewers;
}

interface Following {
  readonly signal: AbortSignal;
  readonly onChange: (viewers: ConsoleViewers) => void;
}

async function follow(client: Pick<Client, 'viewers'>, target: ConsoleTarget, { signal, onChange }: Following): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const viewers of client.viewers(target, signal)) onChange(viewers);
    } catch {
      // The console itself says that the line is lost.
    }
    if (!signal.aborted) await pause(retryMs, signal);
  }
}
