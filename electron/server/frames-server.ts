// Owns the router's end of api/frames.ts: requests and byte channels over one message port.
// Must not know whose port it is.
import type { ServerFrame } from '../api/frames.ts';
import { isClientFrame } from './frames-check.ts';
import { channelExchange } from './frames-console.ts';
import type { Exchange } from './frames-line.ts';
import { requestExchange } from './frames-request.ts';
import type { Caller, Router } from './router.ts';

/** A pair of ends that copies what is posted. What arrives is checked: a page may post anything. */
export interface FramePort {
  postMessage(frame: ServerFrame): void;
  onMessage(listener: (frame: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

/** Serves until the port closes; everything under way then ends. */
export function serveFrames(port: FramePort, router: Router, caller: Caller): void {
  const exchanges = new Map<number, Exchange>();
  port.onMessage((frame) => {
    if (!isClientFrame(frame)) return;
    const known = exchanges.get(frame.id);
    if (frame.type === 'request' || frame.type === 'open') {
      // An id is used once.
      if (known !== undefined) return;
      const post = (reply: ServerFrame): void => {
        if (exchanges.has(frame.id)) port.postMessage(reply);
      };
      const line = { id: frame.id, post, forget: () => exchanges.delete(frame.id) };
      exchanges.set(
        frame.id,
        frame.type === 'request' ? requestExchange(line, frame, { router, caller }) : channelExchange(line, frame.path, { router, caller }),
      );
    } else if (frame.type === 'cancel') {
      exchanges.delete(frame.id);
      known?.cancel(frame.reason);
    } else known?.onFrame(frame);
  });
  port.onClose(() => {
    const open = [...exchanges.values()];
    exchanges.clear();
    for (const exchange of open) exchange.cancel('The window has gone.');
  });
}
