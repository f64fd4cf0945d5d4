// Owns the allow list as the page has it: its rows, and opening the dialogs that change it, from wherever a device is shown.
// Must not show the list; allowed-card.tsx does.
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import type { HostDeviceReport } from '../../../electron/api/host-devices.ts';
import type { PermittedHostDevices } from '../../../electron/api/kinds/hyper-converged.ts';
import { useObject } from '../../client/hooks.ts';
import { AllowDialog } from './allow-dialog.tsx';
import { type AllowDraft, type AllowedRow, allowedRows } from './allow-list.ts';
import { ForbidDialog } from './forbid-dialog.tsx';
import { hyperConverged } from '../../client/hyper-converged.ts';

export interface Allowing {
  readonly rows: readonly AllowedRow[];
  readonly allow: (draft: AllowDraft) => void;
  readonly edit: (row: AllowedRow) => void;
  readonly forbid: (row: AllowedRow) => void;
}

const ignored = (): void => undefined;
const AllowingContext = createContext<Allowing>({ rows: [], allow: ignored, edit: ignored, forbid: ignored });

export function useAllowing(): Allowing {
  return useContext(AllowingContext);
}

type Asking =
  { readonly type: 'allow'; readonly start: AllowDraft; readonly row?: AllowedRow } | { readonly type: 'forbid'; readonly row: AllowedRow };

const nothing: PermittedHostDevices = {};

export function AllowingProvider({ report, children }: { readonly report: HostDeviceReport; readonly children: ReactNode }) {
  const { object } = useObject(hyperConverged);
  const [asking, setAsking] = useState<Asking>();
  const permitted = object?.spec.permittedHostDevices;
  const allowing = useMemo(
    (): Allowing => ({
      rows: allowedRows(permitted),
      allow: (start) => setAsking({ type: 'allow', start }),
      edit: (row) => setAsking({ type: 'allow', start: row, row }),
      forbid: (row) => setAsking({ type: 'forbid', row }),
    }),
    [permitted],
  );
  const close = (): void => setAsking(undefined);
  return (
    <AllowingContext value={allowing}>
      {children}
      {asking?.type === 'allow' && (
        <AllowDialog permitted={permitted} report={report} start={asking.start} row={asking.row} onClose={close} />
      )}
      {asking?.type === 'forbid' && <ForbidDialog permitted={permitted ?? nothing} report={report} row={asking.row} onClose={close} />}
    </AllowingContext>
  );
}
