// Owns the table of machines: only the rows in sight exist, and the keyboard reaches every one.
// Must not filter or sort.
import { Table, Thead } from '@patternfly/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useElementWidth } from '../../ui/element-width.ts';
import type { Action } from './actions.ts';
import { columnsFor } from './columns.ts';
import type { Sort } from './machine-filter.ts';
import { MachineMenu } from './machine-menu.tsx';
import { MachineRow, type RowHands } from './machine-row.tsx';
import { MachineTableHead } from './machine-table-head.tsx';
import type { MachineView } from './machine-view.ts';
import { rowHeight } from './row-height.ts';

export interface MachineTableProps {
  readonly machines: readonly MachineView[];
  readonly nodes: number;
  readonly selected: ReadonlySet<string>;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly onSelect: (ids: readonly string[], selected: boolean) => void;
  readonly onOpen: (machine: MachineView) => void;
  /** Delete and F2 on a row. */
  readonly onKey: (key: 'Delete' | 'F2', machine: MachineView) => void;
  readonly actionsOf: (machine: MachineView) => readonly Action[];
}

export function MachineTable(props: MachineTableProps) {
  const { machines, nodes, selected, sort, onSort, onSelect, onOpen, onKey, actionsOf } = props;
  const { t } = useTranslation('machines');
  const scroller = useRef<HTMLDivElement>(null);
  const width = useElementWidth(scroller);
  const [active, setActive] = useState(0);
  const [menu, setMenu] = useState<{ readonly machine: MachineView; readonly button: HTMLButtonElement }>();
  const columns = useMemo(() => columnsFor(machines, { nodes, width }), [machines, nodes, width]);
  // oxlint-disable-next-line react/incompatible-library -- the rows are memoised by hand
  const virtual = useVirtualizer({
    count: machines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
  });
  const rows = virtual.getVirtualItems();
  const before = rows[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (rows.at(-1)?.end ?? 0);
  const current = Math.min(active, Math.max(0, machines.length - 1));

  const hands = useMemo<RowHands>(
    () => ({
      open: onOpen,
      select: (machine, on) => onSelect([machine.id], on),
      menu: (machine, button) => setMenu((last) => (last?.machine.id === machine.id ? undefined : { machine, button })),
    }),
    [onOpen, onSelect],
  );
  const closeMenu = useCallback(() => setMenu(undefined), []);

  const focusRow = (index: number): void => {
    setActive(index);
    virtual.scrollToIndex(index);
    // The row may only exist after the scroll has been drawn.
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`tr[data-index="${index}"]`)?.focus());
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('tr[data-index]');
    if (row === null || event.target !== row || event.ctrlKey || event.altKey || event.metaKey) return;
    const machine = machines[Number(row.dataset['index'])];
    if (machine === undefined) return;
    const last = machines.length - 1;
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + 10,
      PageUp: current - 10,
      Home: 0,
      End: last,
    };
    const target = moves[event.key];
    if (target !== undefined) focusRow(Math.max(0, Math.min(last, target)));
    else if (event.key === 'Enter') onOpen(machine);
    else if (event.key === ' ') onSelect([machine.id], !selected.has(machine.id));
    else if (event.key === 'Delete' || event.key === 'F2') onKey(event.key, machine);
    else if (event.key === 'ContextMenu') row.querySelector<HTMLButtonElement>('[aria-haspopup]')?.click();
    else return;
    event.preventDefault();
  };
  // Another filter is another list: begin at its top.
  useEffect(() => virtual.scrollToOffset(0), [virtual, sort]);

  return (
    <div ref={scroller} className="pf-v6-c-scroll-inner-wrapper vd-table-scroller" onKeyDown={onKeyDown}>
      <Table
        variant="compact"
        gridBreakPoint=""
        isStickyHeader
        aria-label={t('title')}
        aria-rowcount={machines.length + 1}
        aria-multiselectable
        className="vd-machine-table"
      >
        <Thead>
          <MachineTableHead machines={machines} selected={selected} columns={columns} sort={sort} onSort={onSort} onSelect={onSelect} />
        </Thead>
        <tbody role="rowgroup" className="pf-v6-c-table__tbody" onFocus={(event) => setActive(indexOf(event.target) ?? current)}>
          <Spacer height={before} />
          {rows.map(({ index }) => {
            const machine = machines[index];
            if (machine === undefined) return null;
            return (
              <MachineRow
                key={machine.id}
                machine={machine}
                index={index}
                selected={selected.has(machine.id)}
                active={index === current}
                menuOpen={menu?.machine.id === machine.id}
                columns={columns}
                hands={hands}
              />
            );
          })}
          <Spacer height={after} />
        </tbody>
      </Table>
      <MachineMenu actions={menu === undefined ? [] : actionsOf(menu.machine)} button={menu?.button} onClose={closeMenu} />
    </div>
  );
}

function Spacer({ height }: { readonly height: number }) {
  return height > 0 ? <tr aria-hidden="true" style={{ height }} /> : null;
}

function indexOf(target: EventTarget): number | undefined {
  const row = target instanceof HTMLElement ? target.closest<HTMLElement>('tr[data-index]') : null;
  return row === null ? undefined : Number(row.dataset['index']);
}
