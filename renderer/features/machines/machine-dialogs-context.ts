// Owns the way to open a dialog about machines from anywhere in this feature.
// Must not import a dialog: the dialogs themselves open others through it.
import { createContext, useContext } from 'react';
import type { MachineDialog } from './actions.ts';

export interface MachineDialogs {
  readonly open: (dialog: MachineDialog) => void;
}

export const DialogsContext = createContext<MachineDialogs>({ open: () => undefined });

export function useMachineDialogs(): MachineDialogs {
  return useContext(DialogsContext);
}
