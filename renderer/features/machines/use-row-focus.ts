// Owns moving the focus to a row that may not exist yet.
// Must not take the focus from anybody who did not ask.
import { type RefObject, useCallback, useEffect, useRef } from 'react';

/** The row is scrolled into sight at once, and focused as soon as it has been drawn. */
export function useRowFocus(table: RefObject<HTMLElement | null>, scrollTo: (index: number) => void): (index: number) => void {
  const wanted = useRef<number>(undefined);
  const focus = useCallback(() => {
    if (wanted.current === undefined) return;
    const row = table.current?.querySelector<HTMLElement>(`tr[data-index="${wanted.current}"]`);
    if (row === null || row === undefined) return;
    wanted.current = undefined;
    row.focus({ preventScroll: true });
  }, [table]);
  // After every drawing: the scroll brings the row a frame or more later.
  useEffect(focus);
  return (index) => {
    wanted.current = index;
    scrollTo(index);
    focus();
  };
}
