// Owns keys that work anywhere on a page.
// Must not fire while the user types.
import { useEffect, useEffectEvent } from 'react';

export interface Shortcut {
  readonly ctrl?: boolean;
  readonly run: () => void;
}

/** `key` as in KeyboardEvent.key. With `ctrl` it also works inside text fields. */
export function useShortcut(key: string, shortcut: Shortcut): void {
  const onKey = useEffectEvent((event: KeyboardEvent): void => {
    const { ctrl = false, run } = shortcut;
    if (event.key.toLowerCase() !== key.toLowerCase() || event.defaultPrevented || event.altKey) return;
    if ((event.ctrlKey || event.metaKey) !== ctrl) return;
    if (!ctrl && isTyping(event.target)) return;
    event.preventDefault();
    run();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => onKey(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select, [role="textbox"]'));
}
