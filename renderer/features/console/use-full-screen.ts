// Owns full screen of one element, with the keys that the desktop would otherwise keep.
// Must not draw the bar.
import { type RefObject, useCallback, useEffect, useState } from 'react';

/** Chromium alone; without it Alt+Tab and the like stay with the desktop. */
interface KeyboardLock {
  readonly keyboard?: { lock(): Promise<void>; unlock(): void };
}

export interface FullScreen {
  readonly active: boolean;
  readonly toggle: () => void;
}

export function useFullScreen(place: RefObject<HTMLElement | null>): FullScreen {
  const [active, setActive] = useState(false);
  useEffect(() => {
    const follow = (): void => setActive(document.fullscreenElement !== null && document.fullscreenElement === place.current);
    document.addEventListener('fullscreenchange', follow);
    return () => document.removeEventListener('fullscreenchange', follow);
  }, [place]);
  const toggle = useCallback(() => {
    const { keyboard } = navigator as KeyboardLock;
    if (document.fullscreenElement !== null) {
      keyboard?.unlock();
      void document.exitFullscreen();
      return;
    }
    // Refused without a click of the user, or by policy: the console simply stays as it is.
    place.current?.requestFullscreen().then(
      () => keyboard?.lock().catch(() => undefined),
      () => undefined,
    );
  }, [place]);
  return { active, toggle };
}
