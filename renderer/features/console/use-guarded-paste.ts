// Owns pasting into the terminal: by key, by mouse, by button; with a question before it may run more than one line.
// Must not change the text.
import { type RefObject, useCallback, useEffect, useState } from 'react';
import { type PasteRisk, pasteRisk } from './paste-guard.ts';
import type { TerminalView } from './terminal-view.ts';
import { useClipboardText } from './use-clipboard-text.ts';

export interface GuardedPaste {
  /** What is asked about; undefined when nothing is. */
  readonly asked: PasteRisk | undefined;
  /** Reads the clipboard, where that is allowed. */
  readonly paste: () => void;
  readonly answer: (yes: boolean) => void;
}

export function useGuardedPaste(place: RefObject<HTMLElement | null>, terminal: TerminalView | undefined): GuardedPaste {
  const [waiting, setWaiting] = useState<{ readonly text: string; readonly risk: PasteRisk }>();
  const take = useCallback(
    (text: string) => {
      const risk = pasteRisk(text);
      if (risk !== undefined) return setWaiting({ text, risk });
      terminal?.paste(text);
      terminal?.focus();
    },
    [terminal],
  );
  useEffect(() => {
    const target = place.current!;
    const listen = (event: ClipboardEvent): void => {
      event.preventDefault();
      event.stopPropagation();
      take(event.clipboardData?.getData('text/plain') ?? '');
    };
    // In the capturing phase: xterm would paste at once.
    target.addEventListener('paste', listen, { capture: true });
    return () => target.removeEventListener('paste', listen, { capture: true });
  }, [place, take]);
  const { read } = useClipboardText(take);
  const answer = useCallback(
    (yes: boolean) => {
      if (yes && waiting !== undefined) terminal?.paste(waiting.text);
      setWaiting(undefined);
      terminal?.focus();
    },
    [terminal, waiting],
  );
  return { asked: waiting?.risk, paste: read, answer };
}
