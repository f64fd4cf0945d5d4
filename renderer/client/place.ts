// Owns the word for where a window works: this computer, or the cluster of a connection.
// Must not decide which; the address does.
import type { ConnectionReport } from '../../electron/api/clusters.ts';

export interface Place {
  /** The name of a Connection; absent: this computer. */
  readonly connection?: string;
  /** The project that new objects are put in. */
  readonly namespace: string;
  /** What the cluster has, and what may be done there; absent: this computer. */
  readonly report?: ConnectionReport;
}

export const thisComputer: Place = { namespace: 'default' };

/** Such as /at/lab: every address of a window that works on the connection `lab` begins with it. */
export function placeBase(connection: string | undefined): string {
  return connection === undefined ? '' : `/at/${connection}`;
}

/** The connection that an address names. */
export function connectionIn(address: string): string | undefined {
  return /^\/at\/([a-z0-9][-a-z0-9.]*)(?:\/|$)/.exec(address)?.[1];
}
