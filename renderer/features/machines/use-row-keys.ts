// Owns the keys of the table: moving between rows, opening, selecting, deleting, describing.
// Must not act when the focus is on a control inside a row.
import { type KeyboardEvent, useState } from 'react';
import type { MachineView } from './machine-view.ts';

export interface RowKeyTable {
  readonly machines: readonly MachineView[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: readonly string[], selected: boolean) => void;
  readonly onOpen: (machine: MachineView) => void;
  /** Delete and F2 on a row. */
  readonly onKey: (key: 'Delete' | 'F2', machine: MachineView) => void;
}

export interface RowKeys {
  /** The row that Tab reaches. */
  readonly current: number;
  readonly setActive: (index: number) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

const page = 10;

export function useRowKeys(table: RowKeyTable, focusRow: (index: number) => void): RowKeys {
  const { machines, selected, onOpen, onSelect, onKey } = table;
  const [active, setActive] = useState(0);
  const last = machines.length - 1;
  const current = Math.min(active, Math.max(0, last));
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const index = rowOf(event.target);
    const machine = index === undefined ? undefined : machines[index];
    const row = event.target as HTMLElement;
    if (machine === undefined || row.tagName !== 'TR' || event.ctrlKey || event.altKey || event.metaKey) return;
    const target = targetOf(event.key, { current, last });
    if (target !== undefined) {
      setActive(target);
      focusRow(target);
    } else if (event.key === 'Enter') onOpen(machine);
    else if (event.key === ' ') onSelect([machine.id], !selected.has(machine.id));
    else if (event.key === 'Delete' || event.key === 'F2') onKey(event.key, machine);
    else if (event.key === 'ContextMenu') row.querySelector<HTMLButtonElement>('[aria-haspopup]')?.click();
    else return;
    event.preventDefault();
  };
  return { current, setActive, onKeyDown };
}

function targetOf(key: string, { current, last }: { readonly current: number; readonly last: number }): number | undefined {
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    PageDown: current + page,
    PageUp: current - page,
    Home: 0,
    End: last,
  };
  const target = targets[key];
  return target === undefined ? undefined : Math.max(0, Math.min(last, target));
}

/** The position of the row that an element is in. */
export function rowOf(target: EventTarget): number | undefined {
  const row = target instanceof HTMLElement ? target.closest<HTMLElement>('tr[data-index]') : null;
  return row === null ? undefined : Number(row.dataset['index']);
}
