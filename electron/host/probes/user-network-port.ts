// Owns a way into a guest on QEMU's user network for the length of one question: a port of the loopback, opened and closed again.
// Must not leave one open: nothing of a machine listens on TCP between two questions.
import { createServer } from 'node:net';
import { AppError } from '../../api/errors.ts';
import type { Json, JsonObject } from '../../api/object.ts';
import { userNetworkRows } from '../qemu/user-network-table.ts';

export interface UserNetwork {
  readonly qmp: (execute: string, args?: JsonObject) => Promise<Json>;
  /** Id of the netdev: a DNS label, so that it is one word for the human monitor. */
  readonly netdev: string;
  readonly guestPort: number;
}

export interface LocalPort {
  readonly port: number;
  /**
   * Whether the guest took a connection to it. QEMU accepts ours before it asks the guest, so that connecting alone says nothing;
   * its table of connections does.
   */
  readonly isEstablished: () => Promise<boolean>;
}

export async function throughUserNetwork<T>(network: UserNetwork, use: (local: LocalPort) => Promise<T>): Promise<T> {
  const { netdev, guestPort } = network;
  if (!/^[\w.-]+$/.test(netdev)) throw new AppError('Internal', `${netdev} cannot be said to QEMU's monitor.`);
  const monitor = async (line: string): Promise<string> => {
    const answer = await network.qmp('human-monitor-command', { 'command-line': line });
    return typeof answer === 'string' ? answer.trim() : '';
  };
  const port = await freePort();
  const refused = await monitor(`hostfwd_add ${netdev} tcp:127.0.0.1:${port}-:${guestPort}`);
  if (refused !== '') throw new AppError('QmpFailed', `QEMU opened no way to port ${guestPort} of the guest: ${refused}`);
  try {
    return await use({ port, isEstablished: async () => hasEstablished(await monitor('info usernet'), port) });
  } finally {
    await monitor(`hostfwd_remove ${netdev} tcp:127.0.0.1:${port}`).catch((error: unknown) => {
      // The machine ended meanwhile, and its ports with it.
      if (!(error instanceof AppError)) throw error;
    });
  }
}

/** A guest that took the connection and ended it at once lives, too. */
export function hasEstablished(table: string, port: number): boolean {
  return userNetworkRows(table).some(({ state, sourcePort }) => sourcePort === port && ['ESTABLISHED', 'CLOSE_WAIT'].includes(state));
}

/** Somebody else may take it before QEMU does: the next question finds another. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
