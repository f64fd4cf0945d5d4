// Owns a byte channel over a message port, with acknowledged windows both ways.
// Must not interpret the bytes.
import type { ByteChannel } from '../../electron/api/channel.ts';
import { frameWindowBytes, type ServerFrame } from '../../electron/api/frames.ts';
import { statusMessage } from './api-error.ts';
import { channelGate } from './channel-gate.ts';
import type { Exchange } from './exchange.ts';

const consoleProtocol = 'plain.kubevirt.io';

export function portChannel(line: Exchange, path: string): ByteChannel {
  const received: Uint8Array[] = [];
  const unsent: Uint8Array[] = [];
  let opened = false;
  /** HTTP status of a refusal; its body follows as chunks. */
  let refused: number | undefined;
  let done = false;
  let unacknowledged = 0;
  let ended: { readonly reason?: string } | undefined;
  const gate = channelGate(deliver);

  function deliver(): void {
    while (gate.isOpen() && received.length > 0) {
      const chunk = received.shift()!;
      gate.deliver(chunk);
      // Only what was taken is acknowledged: a paused reader stops the sender one window later.
      if (!done) line.post({ type: 'ack', id: line.id, bytes: chunk.byteLength });
    }
    if (ended !== undefined && received.length === 0) gate.closed(ended.reason);
  }
  function send(): void {
    while (opened && !done && unsent.length > 0 && unacknowledged < frameWindowBytes) {
      const data = unsent.shift()!;
      unacknowledged += data.byteLength;
      line.post({ type: 'chunk', id: line.id, data });
    }
    if (unsent.length === 0 && unacknowledged < frameWindowBytes) gate.drained();
  }
  function finish(reason?: string): void {
    done = true;
    line.forget();
    ended = { reason };
    // What came before the end is still delivered before the close.
    if (received.length === 0) gate.closed(reason);
  }

  line.onFrame((frame: ServerFrame) => {
    switch (frame.type) {
      case 'opened':
        opened = true;
        send();
        return;
      case 'chunk':
        received.push(frame.data);
        if (refused === undefined) deliver();
        return;
      case 'ack':
        unacknowledged -= frame.bytes;
        send();
        return;
      case 'end':
        if (refused === undefined) finish(frame.reason);
        else finish(refusalText(refused, received.splice(0)));
        return;
      case 'response':
        refused = frame.status;
        return;
    }
  });
  line.post({ type: 'open', id: line.id, path, protocol: consoleProtocol });

  return {
    ...gate.channel,
    write(chunk) {
      if (done) return true;
      unsent.push(chunk);
      send();
      return unsent.length === 0 ? true : gate.blocked();
    },
    close(reason) {
      if (done) return;
      line.post({ type: 'cancel', id: line.id, reason });
      received.length = 0;
      finish(reason);
    },
  };
}

/** The message of the Status that the refusal carries, or at least its number. */
function refusalText(status: number, body: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  const text = body.map((chunk) => decoder.decode(chunk, { stream: true })).join('');
  return statusMessage(text) ?? `The core refused the console (HTTP ${status}).`;
}
