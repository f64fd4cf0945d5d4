// Owns bringing something that has just appeared below into view.
// Must not take the focus.
import { type ReactNode, useEffect, useRef } from 'react';

export function IntoView({ children }: { readonly children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={place} className="vd-fields">
      {children}
    </div>
  );
}
