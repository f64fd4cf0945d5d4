// Owns a graphics session in a component: made when its place is there, disposed when it leaves.
// Must not draw controls.
import RFB from '@novnc/novnc';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useClient } from '../../client/context.tsx';
import { after } from './after.ts';
import type { ConsoleTarget } from './console-model.ts';
import type { ConsoleState } from './reconnect.ts';
import { startVncSession, type VncClient, type VncSession } from './vnc-session.ts';

export interface Vnc {
  readonly state: ConsoleState;
  readonly session: VncSession | undefined;
  /** Keys and mouse go to the machine. */
  readonly grabbed: boolean;
}

export interface VncPlace extends ConsoleTarget {
  readonly place: RefObject<HTMLDivElement | null>;
  /** Of the screen, for people who do not see it. */
  readonly label: string;
}

export function useVnc({ namespace, name, place, label }: VncPlace): Vnc {
  const client = useClient();
  const [state, setState] = useState<ConsoleState>({ type: 'connecting' });
  const [session, setSession] = useState<VncSession>();
  const [grabbed, setGrabbed] = useState(false);
  const labelNow = useRef(label);
  useEffect(() => {
    labelNow.current = label;
  }, [label]);

  useEffect(() => {
    const target = place.current!;
    const made = startVncSession({
      openChannel: () => client.openConsole('vnc', { namespace, name }),
      createClient: (channel) => reachable(new RFB(target, channel, { shared: true }), { target, label: labelNow.current }),
      schedule: after,
      onState: setState,
    });
    const enter = (): void => setGrabbed(true);
    const leave = (): void => setGrabbed(false);
    target.addEventListener('focusin', enter);
    target.addEventListener('focusout', leave);
    setSession(made);
    return () => {
      target.removeEventListener('focusin', enter);
      target.removeEventListener('focusout', leave);
      made.dispose();
      setSession(undefined);
    };
  }, [client, namespace, name, place]);
  return { state, session, grabbed };
}

/** noVNC's canvas takes no part in Tab order and has no name. */
function reachable(rfb: VncClient, { target, label }: { readonly target: HTMLElement; readonly label: string }): VncClient {
  const canvas = target.querySelector('canvas');
  if (canvas !== null) {
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'application');
    canvas.setAttribute('aria-label', label);
  }
  return rfb;
}
