// Owns typing in a component: started once, stopped when the dialog goes.
// Must not know the text.
import { useCallback, useEffect, useRef, useState } from 'react';
import { after } from './after.ts';
import { typeStrokes } from './type-strokes.ts';
import type { KeyEvent } from './typing.ts';

export type SendKeys = (events: readonly KeyEvent[]) => boolean;

export interface Typing {
  readonly sent: number;
  readonly of: number;
  readonly lost: boolean;
}

export interface UseTyping {
  /** Undefined before it began. */
  readonly typing: Typing | undefined;
  readonly start: (strokes: readonly (readonly KeyEvent[])[]) => void;
  readonly stop: () => void;
}

export function useTyping(send: SendKeys, onDone: () => void): UseTyping {
  const [typing, setTyping] = useState<Typing>();
  const cancel = useRef<() => void>(() => undefined);
  const stop = useCallback(() => cancel.current(), []);
  useEffect(() => stop, [stop]);
  const start = useCallback(
    (strokes: readonly (readonly KeyEvent[])[]) => {
      stop();
      cancel.current = typeStrokes({
        strokes,
        send,
        schedule: after,
        onProgress({ sent, lost }) {
          setTyping({ sent, of: strokes.length, lost });
          if (sent === strokes.length) onDone();
        },
      });
    },
    [send, onDone, stop],
  );
  return { typing, start, stop };
}
