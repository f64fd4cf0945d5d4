// Owns the console tab of a machine's page.
// Must not know how consoles work.
import { useState } from 'react';
import { usePlace } from '../../client/context.tsx';
import { useAddress } from '../../ui/use-address.ts';
import type { ConsoleTarget, ConsoleView } from './console-model.ts';
import { detachedConsole } from './console-model.ts';
import { MachineConsole } from './machine-console.tsx';

export function ConsoleTab({ namespace, name }: ConsoleTarget) {
  const [view, setView] = useState<ConsoleView>('graphics');
  const address = useAddress();
  const { connection } = usePlace();
  const detach = (): void => {
    const { path, window: frame } = detachedConsole({ namespace, name }, view);
    // The desktop shell opens a window of its own for this address; a browser opens a pop-up.
    window.open(address(path), `${frame}${connection === undefined ? '' : `@${connection}`}`, 'popup,width=1100,height=820');
  };
  return <MachineConsole namespace={namespace} name={name} view={view} onView={setView} onDetach={detach} />;
}
