// Owns carrying a byte channel over a local socket: chunks are passed on as they were read, never copied, never joined.
// Must not look into the bytes.
import net from 'node:net';
import { AppError } from '../../api/errors.ts';
import type { ByteChannel } from '../../api/channel.ts';

/** Connects to a unix socket. Throws ServiceUnavailable with `absent` as its message when nobody listens. */
export async function connectSocket(socketPath: string, absent: string): Promise<net.Socket> {
  return await new Promise((resolve, reject) => {
    const socket = net.connect({ path: socketPath });
    const onError = (cause: Error): void => reject(new AppError('ServiceUnavailable', absent, { cause }));
    socket.once('error', onError);
    socket.once('connect', () => {
      socket.off('error', onError);
      resolve(socket);
    });
  });
}

/** The socket belongs to the channel from here on. */
export function socketChannel(socket: net.Socket): ByteChannel {
  let failure: string | undefined;
  // Paused until somebody listens: the other side feels it, nothing piles up here.
  socket.pause();
  socket.on('error', (error) => {
    failure = error.message;
  });
  return {
    write: (chunk) => socket.destroyed || socket.write(chunk),
    onData: (listener) => {
      socket.on('data', listener);
      socket.resume();
    },
    onDrain: (listener) => void socket.on('drain', listener),
    onClose: (listener) => {
      if (socket.destroyed) listener(failure);
      else socket.once('close', () => listener(failure));
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    close: () => {
      // What was written last (a keystroke, a goodbye) still goes out; then both directions end.
      socket.end(() => socket.destroy());
    },
  };
}
