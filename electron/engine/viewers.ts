// Owns how many look at each console of a machine, live.
// Must not know who they are, nor look into their bytes.
import type { ByteChannel } from '../api/channel.ts';
import { consoleNames, type ConsoleName, type ConsoleViewers } from '../api/verbs.ts';

export interface Viewers {
  /** The same channel; it counts until it ends on either side. */
  counted(uid: string, name: ConsoleName, channel: ByteChannel): ByteChannel;
  /** Told at once, and whenever it changes. */
  watch(uid: string, listener: (viewers: ConsoleViewers) => void): () => void;
}

export function createViewers(): Viewers {
  const counts = new Map<string, number>();
  const listeners = new Map<string, Set<(viewers: ConsoleViewers) => void>>();

  const countOf = (uid: string, name: ConsoleName): number => counts.get(`${uid} ${name}`) ?? 0;
  const viewersOf = (uid: string): ConsoleViewers => ({ console: countOf(uid, 'console'), vnc: countOf(uid, 'vnc') });
  const add = (uid: string, name: ConsoleName, difference: 1 | -1): void => {
    counts.set(`${uid} ${name}`, countOf(uid, name) + difference);
    for (const listener of listeners.get(uid) ?? []) listener(viewersOf(uid));
    if (consoleNames.every((each) => countOf(uid, each) === 0)) for (const each of consoleNames) counts.delete(`${uid} ${each}`);
  };

  return {
    counted(uid, name, channel) {
      let open = true;
      let ended: { readonly reason?: string } | undefined;
      let tell: ((reason?: string) => void) | undefined;
      const leave = (): void => {
        if (open) add(uid, name, -1);
        open = false;
      };
      add(uid, name, 1);
      channel.onClose((reason) => {
        leave();
        ended = reason === undefined ? {} : { reason };
        tell?.(reason);
      });
      return {
        ...channel,
        onClose(listener) {
          tell = listener;
          if (ended !== undefined) listener(ended.reason);
        },
        close(reason) {
          leave();
          channel.close(reason);
        },
      };
    },
    watch(uid, listener) {
      const group = listeners.get(uid) ?? new Set();
      listeners.set(uid, group.add(listener));
      listener(viewersOf(uid));
      return () => {
        group.delete(listener);
        if (group.size === 0) listeners.delete(uid);
      };
    },
  };
}
