// Owns what one request or channel sees of the message port it shares with all others.
// Must not know what is exchanged.
import type { ClientFrame, ServerFrame } from '../../electron/api/frames.ts';

/** One exchange on the port: hears the frames of its own id. */
export interface Exchange {
  readonly id: number;
  post(frame: ClientFrame): void;
  onFrame(listener: (frame: ServerFrame) => void): void;
  /** Frames that still arrive are dropped. */
  forget(): void;
}
