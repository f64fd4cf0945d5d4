// Owns KubeVirt's tcpSocket question: does somebody take a connection?
// Must not send a byte.
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { reasonOf } from '../errno.ts';
import type { ProbeAnswer } from '../../engine/ports.ts';

export interface TcpQuestion {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
  /** Asked until it says yes, where our own connection is no answer of the guest. */
  readonly isEstablished?: (() => Promise<boolean>) | undefined;
}

const pollMs = 50;

export async function askTcp({ host, port, timeoutMs, isEstablished }: TcpQuestion): Promise<ProbeAnswer> {
  const socket = connect({ host, port });
  const { promise: lost, resolve: lose } = Promise.withResolvers<ProbeAnswer>();
  const timer = setTimeout(() => lose({ succeeded: false, message: `No connection within ${timeoutMs / 1000} s.` }), timeoutMs);
  socket.once('error', (error) => lose({ succeeded: false, message: `The connection failed: ${reasonOf(error)}` }));
  socket.once('close', () => lose({ succeeded: false, message: 'The guest refused the connection.' }));
  // A greeting of the guest must be read, or its end of the connection is never seen.
  socket.resume();
  const taken = async (): Promise<ProbeAnswer> => {
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    while (isEstablished !== undefined && !(await isEstablished())) {
      if (socket.destroyed) return await lost;
      await delay(pollMs);
    }
    return { succeeded: true, message: 'The guest took the connection.' };
  };
  try {
    return await Promise.race([lost, taken()]);
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}
