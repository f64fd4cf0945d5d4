// Owns Ctrl+Alt+G, QEMU's own combination: gives keyboard and mouse back, so that a console is no trap for the keyboard.
// Must not be sent to the guest.
import { type RefObject, useEffect, useEffectEvent } from 'react';

export function useReleaseKey(place: RefObject<HTMLElement | null>, release: () => void): void {
  const act = useEffectEvent(release);
  useEffect(() => {
    const target = place.current!;
    const listen = (event: KeyboardEvent): void => {
      if (!event.ctrlKey || !event.altKey || event.code !== 'KeyG') return;
      event.preventDefault();
      event.stopPropagation();
      if (event.type === 'keydown') act();
    };
    // In the capturing phase: before the console hears of it.
    target.addEventListener('keydown', listen, { capture: true });
    return () => target.removeEventListener('keydown', listen, { capture: true });
  }, [place]);
}
