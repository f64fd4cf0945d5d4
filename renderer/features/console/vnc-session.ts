// Owns one graphics console: noVNC on a byte channel, brought back when it is lost, until it is disposed.
// Must not draw anything beside it.
import type { ByteChannel } from '../../../electron/api/channel.ts';
import { type ConsoleState, keepConnected, type Schedule } from './reconnect.ts';
import type { KeyEvent } from './typing.ts';
import { VncChannel } from './vnc-channel.ts';

/** The part of noVNC's RFB that is used. */
export interface VncClient {
  scaleViewport: boolean;
  clipViewport: boolean;
  showDotCursor: boolean;
  background: string;
  addEventListener(type: 'connect' | 'disconnect' | 'securityfailure', listener: (event: CustomEvent) => void): void;
  sendKey(keysym: number, code: string | null, down?: boolean): void;
  focus(options?: FocusOptions): void;
  blur(): void;
  disconnect(): void;
  toBlob(callback: (blob: Blob) => void, type?: string): void;
}

export type Scaling = 'fit' | 'actual';

export interface VncSessionOptions {
  readonly openChannel: () => ByteChannel;
  readonly createClient: (channel: VncChannel) => VncClient;
  readonly schedule: Schedule;
  readonly onState: (state: ConsoleState) => void;
}

export interface VncSession {
  setScaling(scaling: Scaling): void;
  /** False when no line stands: nothing was sent. */
  sendKeys(events: readonly KeyEvent[]): boolean;
  focus(): void;
  blur(): void;
  /** PNG of what is on the screen now; undefined when no line stands. */
  picture(): Promise<Blob | undefined>;
  reconnectNow(): void;
  dispose(): void;
}

export function startVncSession({ openChannel, createClient, schedule, onState }: VncSessionOptions): VncSession {
  let client: VncClient | undefined;
  let scaling: Scaling = 'fit';

  function applyScaling(): void {
    if (client === undefined) return;
    client.scaleViewport = scaling === 'fit';
    // Scroll bars for a screen larger than the panel, instead of cutting it off.
    client.clipViewport = false;
  }

  const line = keepConnected({
    schedule,
    onState,
    open(attempt) {
      const channel = new VncChannel(openChannel());
      let refusal = '';
      let closed = false;
      let ended = false;
      const made = createClient(channel);
      made.showDotCursor = true;
      made.background = 'transparent';
      made.addEventListener('securityfailure', ({ detail }: CustomEvent<{ reason?: string }>) => (refusal = detail.reason ?? ''));
      made.addEventListener('connect', () => {
        if (closed) return;
        client = made;
        applyScaling();
        attempt.stands();
      });
      made.addEventListener('disconnect', () => {
        ended = true;
        if (client === made) client = undefined;
        attempt.lost(refusal === '' ? channel.closeReason : refusal);
      });
      return () => {
        closed = true;
        if (client === made) client = undefined;
        // Closes the channel too, and takes noVNC's elements out of the page. It complains when it has done so by itself.
        if (!ended) made.disconnect();
        channel.close();
      };
    },
  });

  return {
    setScaling(next) {
      scaling = next;
      applyScaling();
    },
    sendKeys(events) {
      if (client === undefined) return false;
      for (const { keysym, code, down } of events) client.sendKey(keysym, code, down);
      return true;
    },
    focus: () => client?.focus({ preventScroll: true }),
    blur: () => client?.blur(),
    picture: () => new Promise((resolve) => (client === undefined ? resolve(undefined) : client.toBlob(resolve, 'image/png'))),
    reconnectNow: () => line.now(),
    dispose: () => line.dispose(),
  };
}
