// Owns the table of machines: only the rows in sight exist, and the keyboard reaches every one.
// Must not filter or sort.
import '@patternfly/react-styles/css/components/Check/check.css';
import '@patternfly/react-styles/css/components/Label/label.css';
import '@patternfly/react-styles/css/components/Table/table.css';
import '@patternfly/react-styles/css/components/Table/table-scrollable.css';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCopied } from '../../ui/copied.ts';
import { useElementWidth } from '../../ui/element-width.ts';
import type { Action } from './actions.ts';
import { columnsFor } from './columns.ts';
import type { Sort } from './machine-filter.ts';
import { MachineMenu } from './machine-menu.tsx';
import { MachineRow, type RowHands, type RowWords } from './machine-row.tsx';
import { MachineTableHead } from './machine-table-head.tsx';
import type { MachineView } from './machine-view.ts';
import { rowHeight } from './row-height.ts';
import { useRowFocus } from './use-row-focus.ts';
import { type RowKeyTable, rowOf, useRowKeys } from './use-row-keys.ts';

export interface MachineTableProps extends RowKeyTable {
  readonly nodes: number;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly actionsOf: (machine: MachineView) => readonly Action[];
}

const noActions: readonly Action[] = [];

export function MachineTable(props: MachineTableProps) {
  const { machines, nodes, selected, sort, onSort, onSelect, onOpen, actionsOf } = props;
  const { t } = useTranslation('machines');
  const scroller = useRef<HTMLDivElement>(null);
  const width = useElementWidth(scroller);
  const { copied, copy } = useCopied();
  const [menu, setMenu] = useState<{ readonly machine: MachineView; readonly button: HTMLButtonElement }>();
  const { project, node, labels, uptime } = columnsFor(machines, { nodes, width });
  const columns = useMemo(() => ({ project, node, labels, uptime }), [project, node, labels, uptime]);
  // oxlint-disable-next-line react/incompatible-library -- the rows are memoised by hand
  const virtual = useVirtualizer({
    count: machines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 2,
  });
  const focusRow = useRowFocus(scroller, (index) => virtual.scrollToIndex(index));
  const { current, setActive, onKeyDown } = useRowKeys(props, focusRow);
  const hands = useMemo<RowHands>(
    () => ({
      open: onOpen,
      select: (machine, on) => onSelect([machine.id], on),
      menu: (machine, button) => setMenu((last) => (last?.machine.id === machine.id ? undefined : { machine, button })),
      copy,
    }),
    [onOpen, onSelect, copy],
  );
  const words = useMemo<RowWords>(
    () => ({
      copyAddress: t('row.copyAddress'),
      copied: t('copied', { ns: 'words' }),
      actions: t('column.actions'),
      status: ({ status }) => t(`status.${status.id}`),
    }),
    [t],
  );
  const closeMenu = useCallback(() => setMenu(undefined), []);
  const allSelected = selected.size >= machines.length && machines.every(({ id }) => selected.has(id));
  const shown = useRef(machines);
  useEffect(() => {
    shown.current = machines;
  });
  const selectAll = useCallback(
    (on: boolean) =>
      onSelect(
        shown.current.map(({ id }) => id),
        on,
      ),
    [onSelect],
  );
  // Another order is another list: begin at its top.
  useEffect(() => virtual.scrollToOffset(0), [virtual, sort]);

  const rows = virtual.getVirtualItems();
  const before = rows[0]?.start ?? 0;
  return (
    <div ref={scroller} className="vd-table-scroller" onKeyDown={onKeyDown}>
      <table
        role="grid"
        aria-label={t('title')}
        aria-rowcount={machines.length + 1}
        aria-multiselectable
        className="pf-v6-c-table pf-m-compact pf-m-sticky-header vd-machine-table"
      >
        <MachineTableHead columns={columns} sort={sort} onSort={onSort} allSelected={allSelected} onAll={selectAll} />
        <tbody role="rowgroup" className="pf-v6-c-table__tbody" onFocus={(event) => setActive(rowOf(event.target) ?? current)}>
          {before > 0 && <tr aria-hidden="true" style={{ height: before }} />}
          {rows.map(({ index }) => {
            const machine = machines[index];
            if (machine === undefined) return null;
            return (
              <MachineRow
                // By place, not by machine: typing in the search then changes texts instead of making rows anew.
                key={index}
                machine={machine}
                index={index}
                selected={selected.has(machine.id)}
                active={index === current}
                menuOpen={menu?.machine.id === machine.id}
                copied={copied}
                columns={columns}
                hands={hands}
                words={words}
              />
            );
          })}
        </tbody>
      </table>
      {/* Outside the table: another number of rows must not lay out those in sight. */}
      <div style={{ height: virtual.getTotalSize() - (rows.at(-1)?.end ?? 0) }} />
      <MachineMenu actions={menu === undefined ? noActions : actionsOf(menu.machine)} button={menu?.button} onClose={closeMenu} />
    </div>
  );
}
