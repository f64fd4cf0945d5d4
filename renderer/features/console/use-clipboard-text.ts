// Owns reading the clipboard when the user asks, where the browser allows it.
// Must not read it unasked.
import { useCallback, useState } from 'react';

export interface ClipboardText {
  readonly read: () => void;
  readonly refused: boolean;
}

export function useClipboardText(onText: (text: string) => void): ClipboardText {
  const [refused, setRefused] = useState(false);
  const read = useCallback(() => {
    // Undefined where the page is not served securely.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    if (clipboard === undefined) return setRefused(true);
    clipboard.readText().then(
      (text) => {
        setRefused(false);
        onText(text);
      },
      () => setRefused(true),
    );
  }, [onText]);
  return { read, refused };
}
