// Owns the dialogs about machines: one at a time, above every page.
// Must not decide when one is opened.
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import type { MachineDialog } from './actions.ts';
import { DialogsContext } from './machine-dialogs-context.ts';

const DeleteDialog = lazy(() => import('./delete-dialog.tsx').then((file) => ({ default: file.DeleteDialog })));
const DescribeDialog = lazy(() => import('./describe-dialog.tsx').then((file) => ({ default: file.DescribeDialog })));
const DiscardStateDialog = lazy(() => import('./discard-state-dialog.tsx').then((file) => ({ default: file.DiscardStateDialog })));
const PowerDialog = lazy(() => import('./power-dialog.tsx').then((file) => ({ default: file.PowerDialog })));
const TransferDialog = lazy(() => import('./transfer-dialog.tsx').then((file) => ({ default: file.TransferDialog })));
const StartCheckDialog = lazy(() => import('./start-check-dialog.tsx').then((file) => ({ default: file.StartCheckDialog })));

export function MachineDialogsProvider({ children }: { readonly children: ReactNode }) {
  const [dialog, setDialog] = useState<MachineDialog>();
  const dialogs = useMemo(() => ({ open: setDialog }), []);
  return (
    <DialogsContext value={dialogs}>
      {children}
      <Suspense>{dialog !== undefined && <OpenDialog dialog={dialog} onClose={() => setDialog(undefined)} />}</Suspense>
    </DialogsContext>
  );
}

function OpenDialog({ dialog, onClose }: { readonly dialog: MachineDialog; readonly onClose: () => void }) {
  switch (dialog.type) {
    case 'delete':
      return <DeleteDialog machines={dialog.machines} onClose={onClose} />;
    case 'forceOff':
    case 'reset':
      return <PowerDialog type={dialog.type} machines={dialog.machines} onClose={onClose} />;
    case 'describe':
      return <DescribeDialog machine={dialog.machine} onClose={onClose} />;
    case 'discardState':
      return <DiscardStateDialog machine={dialog.machine} onClose={onClose} />;
    case 'transfer':
      return <TransferDialog machine={dialog.machine} onClose={onClose} />;
    case 'check':
      return <StartCheckDialog machine={dialog.machine} onClose={onClose} />;
  }
}
