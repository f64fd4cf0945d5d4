// Owns a serial session with its terminal in a component: made when the place is there, disposed when it leaves.
// Must not draw controls.
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useClient } from '../../client/context.tsx';
import { after } from './after.ts';
import type { ConsoleTarget } from './console-model.ts';
import type { ConsoleState } from './reconnect.ts';
import { type SerialSession, startSerialSession } from './serial-session.ts';
import { createTerminalView, type TerminalView } from './terminal-view.ts';

export interface SerialConsole {
  readonly state: ConsoleState;
  readonly session: SerialSession | undefined;
  readonly terminal: TerminalView | undefined;
}

export interface TerminalPlace extends ConsoleTarget {
  readonly place: RefObject<HTMLDivElement | null>;
  readonly label: string;
  readonly fontSize: number;
}

export function useTerminal({ namespace, name, place, label, fontSize }: TerminalPlace): SerialConsole {
  const client = useClient();
  const [state, setState] = useState<ConsoleState>({ type: 'connecting' });
  const [parts, setParts] = useState<Pick<SerialConsole, 'session' | 'terminal'>>({ session: undefined, terminal: undefined });
  // What it is made with; later changes of size reach it below.
  const start = useRef({ label, fontSize });

  useEffect(() => {
    const target = place.current!;
    const terminal = createTerminalView(target, start.current);
    const session = startSerialSession({
      openChannel: () => client.openConsole('console', { namespace, name }),
      terminal: terminal.serial,
      schedule: after,
      onState: setState,
    });
    terminal.onKeys((bytes) => session.send(bytes));
    const observer = new ResizeObserver(() => terminal.fit());
    observer.observe(target);
    setParts({ session, terminal });
    return () => {
      observer.disconnect();
      session.dispose();
      terminal.dispose();
      setParts({ session: undefined, terminal: undefined });
    };
  }, [client, namespace, name, place]);

  const { session, terminal } = parts;
  useEffect(() => terminal?.setFontSize(fontSize), [terminal, fontSize]);
  return { state, session, terminal };
}
