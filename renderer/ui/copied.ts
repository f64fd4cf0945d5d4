// Owns copying texts where many can be copied: which one was, for a moment.
// Must not draw anything.
import { useCallback, useEffect, useState } from 'react';

const shownMs = 2000;

export function useCopied(): { readonly copied: string | undefined; readonly copy: (text: string) => void } {
  const [copied, setCopied] = useState<string>();
  useEffect(() => {
    if (copied === undefined) return undefined;
    const timer = setTimeout(() => setCopied(undefined), shownMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = useCallback((text: string) => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(text),
      () => undefined, // Not allowed by the browser: the text can still be selected.
    );
  }, []);
  return { copied, copy };
}
