// Owns the serial console of one running machine: the only client of QEMU's socket, which it always drains.
// Must not interpret the bytes.
import type { Log } from '../../engine/ports.ts';
import type { ByteChannel } from '../../api/channel.ts';
import { AppError } from '../../api/errors.ts';
import { reasonOf } from '../errno.ts';
import { alignLog, liveTail } from './serial-alignment.ts';
import { openSerialLog, serialLogCapBytes } from './serial-log.ts';
import { serialReader } from './serial-reader.ts';
import type { LiveStream, SerialReader } from './serial-reader.ts';
import { connectSocket } from './socket-channel.ts';

/**
 * A client that is connected and does not read blocks the guest after some 200 KB, silently; QEMU serves one client at a time.
 * So we are that client for as long as the machine runs, and hand the bytes on. KubeVirt closes a first console when a second is
 * opened; here a window and a terminal on one desk may look at the same machine, so any number may read, and what any of them
 * types goes to the guest. Whoever wants KubeVirt's rule closes the others.
 */
export interface SerialConsole {
  open(options: { readonly replay: boolean }): ByteChannel;
  /** Lets go: readers are closed with the reason, QEMU keeps writing its log. */
  close(reason: string): void;
}

export interface SerialOptions {
  readonly socketPath: string;
  readonly logFile?: string;
  /** The guest has not run since its log was begun: what is in the log now is what came before the first live byte. */
  readonly fresh: boolean;
  readonly log: Log;
  readonly capBytes?: number;
}

export async function connectSerial(options: SerialOptions): Promise<SerialConsole> {
  const { capBytes = serialLogCapBytes } = options;
  const socket = await connectSocket(options.socketPath, 'The serial console is gone: the machine has just ended.');
  const log = options.logFile === undefined ? undefined : await openSerialLog(options.logFile, capBytes);
  const readers = new Set<SerialReader>();
  let received = 0;
  let origin = options.fresh ? await log?.end() : undefined;
  let aligning: Promise<void> | undefined;
  /** The last bytes, kept only while the origin is unknown. */
  let tail = origin === undefined ? liveTail() : undefined;
  /** About the size of QEMU's file: when it passes the cap, the file itself is looked at. */
  let sinceRotation = (await log?.end()) ?? 0;
  let rotating: Promise<void> | undefined;
  let closed: { readonly reason: string | undefined } | undefined;

  const rotate = async (file: NonNullable<typeof log>): Promise<void> => {
    // Bytes may get lost between two system calls: from now on nobody may join the log to the stream by the old sum.
    origin = undefined;
    tail = liveTail();
    try {
      sinceRotation = await file.rotate();
    } catch (error) {
      options.log.warn('The serial log cannot be rotated.', { file: options.logFile, reason: reasonOf(error) });
      sinceRotation = 0;
    }
    rotating = undefined;
  };

  const align = async (file: NonNullable<typeof log>): Promise<void> => {
    await rotating;
    origin = await alignLog(file, () => ({ count: received, tail: tail?.bytes() ?? Buffer.alloc(0) }));
    tail = undefined;
  };

  const stream: LiveStream = {
    ...(log === undefined ? {} : { log }),
    received: () => received,
    origin: () => origin,
    align: async () => {
      if (log === undefined || origin !== undefined) return;
      aligning ??= align(log).finally(() => (aligning = undefined));
      await aligning;
    },
    write: (chunk) => socket.destroyed || socket.write(chunk),
    leave: (reader) => void readers.delete(reader),
    onFailure: (error) => options.log.warn('The serial log cannot be read.', { file: options.logFile, reason: reasonOf(error) }),
  };

  socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
    sinceRotation += chunk.length;
    tail?.push(chunk);
    let others = readers.size;
    for (const reader of readers) {
      others -= 1;
      // A chunk changes hands, and may be sent away for good: only the last reader gets the one that came.
      reader.feed(others === 0 ? chunk : Buffer.from(chunk));
    }
    // Not while the origin is being looked for: the search must not straddle a rotation.
    if (log !== undefined && rotating === undefined && aligning === undefined && sinceRotation > capBytes) rotating = rotate(log);
  });
  socket.on('drain', () => readers.forEach((reader) => reader.drained()));
  // The reason follows as 'close'.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    closed ??= { reason: undefined };
    for (const reader of readers) reader.end(closed.reason);
  });

  return {
    open: ({ replay }) => {
      if (closed !== undefined && !replay) throw new AppError('Conflict', 'The serial console is closed: the machine has ended.');
      const reader = serialReader(stream, replay);
      readers.add(reader);
      if (closed !== undefined) reader.end(closed.reason);
      return reader.channel;
    },
    close: (reason) => {
      closed ??= { reason };
      socket.destroy();
      for (const reader of readers) reader.channel.close(reason);
    },
  };
}
