// Owns the one connection to the serial console of a running machine: made at once, and again when it failed.
// Must not carry bytes; consoles/serial.ts does.
import { AppError } from '../../api/errors.ts';
import type { Log } from '../../engine/ports.ts';
import { connectSerial } from '../consoles/serial.ts';
import type { SerialConsole } from '../consoles/serial.ts';
import { chardevState } from './chardev.ts';
import type { Identity } from './identity.ts';
import type { QmpSession } from './qmp.ts';

export interface SerialLink {
  /** Throws Conflict for a machine without a serial port, ServiceUnavailable when QEMU does not listen any more. */
  connect(): Promise<SerialConsole>;
  letGo(): Promise<void>;
}

export interface SerialLinkParts {
  readonly identity: Identity;
  readonly qmp: QmpSession;
  readonly log: Log;
  /** The guest has not executed anything yet, and its log was begun for it. */
  readonly fresh: boolean;
}

/** QEMU accepts in its main loop, which has just answered us. */
const acceptedLooks = 20;

export function serialLink(parts: SerialLinkParts): SerialLink {
  let connection: Promise<SerialConsole> | undefined;
  return {
    connect: async () => {
      connection ??= open(parts);
      try {
        return await connection;
      } catch (error) {
        connection = undefined;
        throw error;
      }
    },
    letGo: async () => {
      const console = await connection?.catch(() => undefined);
      console?.close('Virtdeck lets go of the machine; it runs on.');
    },
  };
}

async function open({ identity, qmp, log, fresh }: SerialLinkParts): Promise<SerialConsole> {
  const { serial: socketPath } = identity.sockets;
  if (socketPath === undefined) throw new AppError('Conflict', 'This machine has no serial console.');
  const { serialLog } = identity;
  const console = await connectSerial({ socketPath, fresh, log, ...(serialLog === undefined ? {} : { logFile: serialLog }) });
  // A connection that the kernel has accepted is not yet one that QEMU writes to; a fresh guest must not print before it is.
  for (let look = 0; fresh && look < acceptedLooks; look += 1) {
    if ((await chardevState(qmp, socketPath))?.connected !== false) break;
  }
  return console;
}
