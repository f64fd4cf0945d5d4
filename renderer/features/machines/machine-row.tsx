// Owns one row of the list.
// Must stay cheap: a thousand of them scroll by, and typing in the search draws a screenful within a frame.
import { EllipsisVIcon } from '@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon';
import { memo, type MouseEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Moment } from '../../ui/moment.tsx';
import type { Columns } from './columns.ts';
import type { MachineView } from './machine-view.ts';
import { StatusLabel } from './status-label.tsx';
import { CpuCell, MemoryCell } from './usage-cells.tsx';

export interface RowHands {
  readonly open: (machine: MachineView) => void;
  readonly select: (machine: MachineView, selected: boolean) => void;
  readonly menu: (machine: MachineView, button: HTMLButtonElement) => void;
}

export interface MachineRowProps {
  readonly machine: MachineView;
  /** Position in the whole list, from 0. */
  readonly index: number;
  readonly selected: boolean;
  /** Reached by Tab; the other rows by the arrow keys. */
  readonly active: boolean;
  readonly menuOpen: boolean;
  readonly columns: Columns;
  readonly hands: RowHands;
}

export const MachineRow = memo(function MachineRow(props: MachineRowProps) {
  const { machine, index, selected, active, menuOpen, columns, hands } = props;
  const { t, i18n } = useTranslation('machines');
  const { name, description, status, addresses, labels, startedAt, node, namespace } = machine;
  const onClick = (event: MouseEvent<HTMLElement>): void => {
    // Controls in the row do their own work; selecting text to copy is not opening.
    if ((event.target as HTMLElement).closest('button, a, input, label') !== null || getSelection()?.isCollapsed === false) return;
    hands.open(machine);
  };
  return (
    <tr
      className={`pf-v6-c-table__tr pf-m-clickable vd-row${selected ? ' pf-m-selected' : ''}`}
      aria-rowindex={index + 2}
      aria-selected={selected}
      tabIndex={active ? 0 : -1}
      data-index={index}
      data-machine={machine.id}
      onClick={onClick}
    >
      <Cell isCheck>
        <label className="pf-v6-c-check pf-m-standalone">
          <input
            type="checkbox"
            className="pf-v6-c-check__input"
            checked={selected}
            tabIndex={-1}
            aria-label={t('row.select', { name })}
            onChange={(event) => hands.select(machine, event.target.checked)}
          />
        </label>
      </Cell>
      <Cell label={t('column.name')}>
        <button type="button" className="vd-row-name" tabIndex={-1} onClick={() => hands.open(machine)}>
          {name}
        </button>
        {description !== undefined && <span className="vd-row-note">{description}</span>}
      </Cell>
      {columns.project && <Cell label={t('column.project')}>{namespace}</Cell>}
      <Cell label={t('column.status')}>
        <StatusLabel status={status} isCompact />
        {status.reason !== undefined && (
          <span className="vd-row-note" title={status.reason}>
            {status.reason}
          </span>
        )}
      </Cell>
      <Cell label={t('column.cpu')}>
        <CpuCell machine={machine} />
      </Cell>
      <Cell label={t('column.memory')}>
        <MemoryCell machine={machine} />
      </Cell>
      <Cell label={t('column.address')}>
        {addresses[0] !== undefined && (
          <span className="vd-figure">
            <span className="vd-clip">{addresses[0]}</span>
            <CopyButton text={addresses[0]} label={t('row.copyAddress', { name })} doneLabel={t('copied', { ns: 'common' })} />
          </span>
        )}
      </Cell>
      {columns.node && <Cell label={t('column.node')}>{node}</Cell>}
      <Cell label={t('column.uptime')}>
        {startedAt !== undefined && <Moment time={startedAt} language={i18n.language} form="since" isQuiet />}
      </Cell>
      {columns.labels && (
        <Cell label={t('column.labels')}>
          <span className="vd-clip" title={labels.join(', ')}>
            {labels.join(', ')}
          </span>
        </Cell>
      )}
      <Cell isAction>
        <button
          type="button"
          className={`pf-v6-c-menu-toggle pf-m-plain${menuOpen ? ' pf-m-expanded' : ''}`}
          aria-label={t('row.actions', { name })}
          aria-haspopup="menu"
          aria-expanded={menuOpen}
          tabIndex={-1}
          onClick={(event) => hands.menu(machine, event.currentTarget)}
        >
          <span className="pf-v6-c-menu-toggle__icon">
            <EllipsisVIcon />
          </span>
        </button>
      </Cell>
    </tr>
  );
});

interface CellProps {
  readonly children?: ReactNode;
  readonly label?: string;
  readonly isCheck?: boolean;
  readonly isAction?: boolean;
}

function Cell({ children, label, isCheck = false, isAction = false }: CellProps) {
  const kind = isCheck ? ' pf-v6-c-table__check' : isAction ? ' pf-v6-c-table__action' : '';
  return (
    <td role="gridcell" className={`pf-v6-c-table__td${kind}`} data-label={label}>
      {children}
    </td>
  );
}
