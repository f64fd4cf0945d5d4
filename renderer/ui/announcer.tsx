// Owns the live region: what changed, said once to people who do not see it.
// Must not be used for what the user just did and sees answered.
import { createContext, type ReactNode, useCallback, useContext, useRef } from 'react';

const AnnounceContext = createContext<(text: string) => void>(() => undefined);

export function AnnouncerProvider({ children }: { readonly children: ReactNode }) {
  const region = useRef<HTMLDivElement>(null);
  const announce = useCallback((text: string) => {
    // A new node, so that the same sentence twice is read twice.
    const line = document.createElement('p');
    line.textContent = text;
    region.current?.replaceChildren(line);
  }, []);
  return (
    <AnnounceContext value={announce}>
      {children}
      <div ref={region} role="status" aria-live="polite" className="vd-sr-only" />
    </AnnounceContext>
  );
}

export function useAnnounce(): (text: string) => void {
  return useContext(AnnounceContext);
}
