// Owns carrying a byte channel over UDP: a chunk is a datagram, in both directions.
// Must not look into the bytes.
import { createSocket } from 'node:dgram';
import type { ByteChannel, ChunkListener } from '../../api/channel.ts';

/** `onEnd` is called once, when the channel is closed by either side. */
export async function connectDatagrams(
  { host, port }: { readonly host: string; readonly port: number },
  onEnd: () => void,
): Promise<ByteChannel> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.connect(port, host, resolve);
  });
  let listener: ChunkListener | undefined;
  let paused = false;
  let failure: string | undefined;
  let closed = false;
  const closeListeners: ((reason?: string) => void)[] = [];
  const close = (reason?: string): void => {
    if (closed) return;
    closed = true;
    failure = reason;
    socket.close();
    onEnd();
    for (const each of closeListeners) each(reason);
  };
  // What nobody reads is lost, as on any wire.
  socket.on('message', (datagram) => {
    if (!paused) listener?.(datagram);
  });
  socket.removeAllListeners('error');
  socket.on('error', (error) => close(error.message));
  return {
    write(chunk) {
      if (!closed) socket.send(chunk);
      return true;
    },
    onData: (given) => void (listener = given),
    onDrain: () => undefined,
    onClose(given) {
      if (closed) given(failure);
      else closeListeners.push(given);
    },
    pause: () => void (paused = true),
    resume: () => void (paused = false),
    close: () => close(),
  };
}
