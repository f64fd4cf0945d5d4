// Owns reading what QEMU knows of the two ends of one of its sockets.
// Must not open it.
import { isJsonArray, isJsonObject, textOf } from './json-lines.ts';
import type { QmpSession } from './qmp.ts';

export interface ChardevState {
  /** QEMU has accepted a client: what the guest writes from now on goes to it. */
  readonly connected: boolean;
  /** The guest's side is open: a program holds the virtio port. */
  readonly frontendOpen: boolean;
}

/** Undefined when no character device listens at this path. */
export async function chardevState(qmp: QmpSession, socketPath: string): Promise<ChardevState | undefined> {
  const answer = await qmp.execute('query-chardev');
  const rows = isJsonArray(answer) ? answer.filter(isJsonObject) : [];
  // `disconnected:unix:/run/…/serial.sock,server=on` or, with a client, without the first word.
  const row = rows.find((each) => (textOf(each['filename']) ?? '').includes(socketPath));
  if (row === undefined) return undefined;
  return { connected: !(textOf(row['filename']) ?? '').startsWith('disconnected:'), frontendOpen: row['frontend-open'] === true };
}
