// Owns opening a graphics console: a byte channel onto QEMU's VNC socket. QEMU serves any number of them.
// Must not speak RFB; noVNC does.
import type { ByteChannel } from '../../api/channel.ts';
import { connectChannel } from './socket-channel.ts';

/** Throws ServiceUnavailable when QEMU does not listen any more. */
export async function openVncChannel(socketPath: string): Promise<ByteChannel> {
  return await connectChannel(socketPath, 'The graphics console is gone: the machine has just ended.');
}
