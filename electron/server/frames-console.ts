// Owns a console over a message port.
// Must not look into the bytes.
import type { ByteChannel } from '../api/channel.ts';
import { openRefusal } from './answer.ts';
import { exact, type Exchange, type Line, sendResponse, sendWindow, type Serving } from './frames-line.ts';

/** Opens what `path` names and says so, or answers with the Status of the refusal. */
export function channelExchange(line: Line, path: string, { router, caller }: Serving): Exchange {
  let channel: ByteChannel | undefined;
  let cancelled = false;
  const early: Uint8Array[] = [];
  const outgoing = sendWindow(() => channel?.resume());
  let taken = 0;
  const acknowledge = (): void => {
    if (taken > 0) line.post({ type: 'ack', id: line.id, bytes: taken });
    taken = 0;
  };
  const write = (to: ByteChannel, data: Uint8Array): void => {
    taken += data.byteLength;
    // Without the ack the sender stops one window later: that is how the guest's pace reaches it.
    if (to.write(data)) acknowledge();
  };
  const opened = (found: ByteChannel): void => {
    channel = found;
    if (cancelled) return found.close();
    line.post({ type: 'opened', id: line.id });
    found.onDrain(acknowledge);
    found.onClose((reason) => {
      line.post({ type: 'end', id: line.id, ...(reason === undefined ? {} : { reason }) });
      line.forget();
    });
    found.onData((chunk) => {
      outgoing.sent(chunk.byteLength);
      line.post({ type: 'chunk', id: line.id, data: exact(chunk) });
      if (!outgoing.isOpen()) found.pause();
      // Posting has copied it.
      return 'done';
    });
    for (const data of early.splice(0)) write(found, data);
  };
  router.open(path, caller).then(opened, async (error: unknown) => {
    await sendResponse(line, openRefusal(error), { outgoing, signal: new AbortController().signal });
    line.forget();
  });
  return {
    onFrame(frame) {
      if (frame.type === 'ack') outgoing.acknowledge(frame.bytes);
      if (frame.type === 'chunk') {
        if (channel === undefined) early.push(frame.data);
        else write(channel, frame.data);
      }
      if (frame.type === 'end') {
        line.forget();
        channel?.close();
      }
    },
    cancel(reason) {
      cancelled = true;
      channel?.close(reason);
    },
  };
}
