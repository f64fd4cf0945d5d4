// Owns the column of times beside the terminal.
// Must not put anything into the terminal.
import { type RefObject, useEffect, useState } from 'react';
import { clockText } from './line-times.ts';
import type { TerminalView } from './terminal-view.ts';

export interface TimesColumnProps {
  readonly terminal: TerminalView;
  readonly place: RefObject<HTMLDivElement | null>;
}

export function TimesColumn({ terminal, place }: TimesColumnProps) {
  const [times, setTimes] = useState<readonly (number | undefined)[]>([]);
  const [rowPx, setRowPx] = useState(0);
  useEffect(() => {
    terminal.onTimes((next) => {
      setTimes(next);
      // The height that xterm has chosen for its cells is nowhere said; its screen and rows give it.
      const screen = place.current?.querySelector<HTMLElement>('.xterm-screen');
      if (screen !== null && screen !== undefined && next.length > 0) setRowPx(screen.clientHeight / next.length);
    });
    return () => terminal.onTimes(() => undefined);
  }, [terminal, place]);
  return (
    <ol className="vd-times" aria-hidden="true">
      {times.map((at, row) => (
        // A row is its place on the screen.
        <li key={`row-${row}`} style={{ height: rowPx }}>
          {at === undefined ? '' : clockText(at)}
        </li>
      ))}
    </ol>
  );
}
