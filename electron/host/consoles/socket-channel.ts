// Owns carrying a byte channel over a local socket: chunks are passed on as they were read, never copied, never joined.
// Must not look into the bytes.
import net from 'node:net';
import { AppError } from '../../api/errors.ts';
import type { ByteChannel, ChunkListener } from '../../api/channel.ts';

/** Connects to a unix socket. Throws ServiceUnavailable with `absent` as its message when nobody listens. */
export async function connectSocket(socketPath: string, absent: string): Promise<net.Socket> {
  const socket = net.connect({ path: socketPath });
  await connected(socket, absent);
  return socket;
}

async function connected(socket: net.Socket, absent: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const onError = (cause: Error): void => reject(new AppError('ServiceUnavailable', absent, { cause }));
    socket.once('error', onError);
    socket.once('connect', () => {
      socket.off('error', onError);
      resolve();
    });
  });
}

/** What one read takes at most; also what libuv would take. */
const readBytes = 64 * 1024;

/**
 * A byte channel onto a unix socket, or a TCP port. One buffer is read into again and again while the listener is done with it when it
 * returns; a fresh one is made only when it was kept. Throws ServiceUnavailable with `absent` when nobody listens.
 */
export async function connectChannel(to: string | { readonly host: string; readonly port: number }, absent: string): Promise<ByteChannel> {
  let buffer = Buffer.allocUnsafeSlow(readBytes);
  let listener: ChunkListener | undefined;
  let paused = false;
  let failure: string | undefined;
  const onread = {
    buffer: () => buffer,
    callback: (count: number) => {
      if (listener?.(buffer.subarray(0, count)) !== 'done') buffer = Buffer.allocUnsafeSlow(readBytes);
      return !paused;
    },
  };
  const socket = net.connect(typeof to === 'string' ? { path: to, onread } : { ...to, onread, noDelay: true });
  // Paused until somebody listens: the other side feels it, nothing piles up here.
  socket.pause();
  await connected(socket, absent);
  socket.on('error', (error) => {
    failure = error.message;
  });
  const resume = (): void => {
    paused = false;
    if (listener !== undefined) socket.resume();
  };
  return {
    write: (chunk) => socket.destroyed || socket.write(chunk),
    onData: (given) => {
      listener = given;
      if (!paused) resume();
    },
    onDrain: (given) => void socket.on('drain', given),
    onClose: (given) => {
      if (socket.destroyed) given(failure);
      else socket.once('close', () => given(failure));
    },
    pause: () => {
      paused = true;
      socket.pause();
    },
    resume,
    close: () => {
      // What was written last (a keystroke, a goodbye) still goes out; then both directions end.
      socket.end(() => socket.destroy());
    },
  };
}
