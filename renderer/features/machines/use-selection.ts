// Owns which machines are selected.
// Must forget machines that are gone.
import { useCallback, useMemo, useState } from 'react';
import type { MachineView } from './machine-view.ts';

export interface Selection {
  readonly selected: ReadonlySet<string>;
  readonly select: (ids: readonly string[], on: boolean) => void;
  readonly clear: () => void;
  /** The selected machines that still exist. */
  readonly chosen: readonly MachineView[];
}

export function useSelection(machines: readonly MachineView[]): Selection {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const select = useCallback((ids: readonly string[], on: boolean) => {
    setSelected((last) => {
      const next = new Set(last);
      for (const id of ids) {
        if (on) next.add(id);
        else next.delete(id);
      }
      return next;
    });
  }, []);
  const clear = useCallback(() => setSelected(new Set()), []);
  const chosen = useMemo(() => (selected.size === 0 ? [] : machines.filter(({ id }) => selected.has(id))), [machines, selected]);
  return { selected, select, clear, chosen };
}
