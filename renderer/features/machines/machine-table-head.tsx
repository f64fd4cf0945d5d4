// Owns the header row: names, sorting, and choosing all.
// Must not know which rows are in sight. PatternFly's header cells measure themselves each time the table is drawn, so
// these are its markup without that.
import { ArrowsAltVIcon } from '@patternfly/react-icons/dist/esm/icons/arrows-alt-v-icon';
import { LongArrowAltDownIcon } from '@patternfly/react-icons/dist/esm/icons/long-arrow-alt-down-icon';
import { LongArrowAltUpIcon } from '@patternfly/react-icons/dist/esm/icons/long-arrow-alt-up-icon';
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Columns } from './columns.ts';
import type { Sort, SortColumn } from './machine-filter.ts';

export interface MachineTableHeadProps {
  readonly columns: Columns;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly allSelected: boolean;
  readonly onAll: (selected: boolean) => void;
}

interface Column {
  readonly id: 'name' | 'project' | 'status' | 'cpu' | 'memory' | 'address' | 'node' | 'uptime' | 'labels';
  readonly sort?: SortColumn;
}

export const MachineTableHead = memo(function MachineTableHead(props: MachineTableHeadProps) {
  const { columns, sort, onSort, allSelected, onAll } = props;
  const { t } = useTranslation('machines');
  const all: readonly (Column | false)[] = [
    { id: 'name', sort: 'name' },
    columns.project && { id: 'project' },
    { id: 'status', sort: 'status' },
    { id: 'cpu' },
    { id: 'memory' },
    { id: 'address' },
    columns.node && { id: 'node' },
    columns.uptime && { id: 'uptime', sort: 'uptime' },
    columns.labels && { id: 'labels' },
  ];
  return (
    <thead className="pf-v6-c-table__thead">
      <tr className="pf-v6-c-table__tr" aria-rowindex={1}>
        <th className="pf-v6-c-table__th pf-v6-c-table__check vd-col-check" scope="col">
          <label className="pf-v6-c-check pf-m-standalone">
            <input
              type="checkbox"
              className="pf-v6-c-check__input"
              checked={allSelected}
              aria-label={t('row.selectAll')}
              onChange={(event) => onAll(event.target.checked)}
            />
          </label>
        </th>
        {all.map(
          (column) =>
            column !== false && <Head key={column.id} column={column} text={t(`column.${column.id}`)} sort={sort} onSort={onSort} />,
        )}
        <th className="pf-v6-c-table__th vd-col-actions" scope="col">
          <span className="vd-sr-only">{t('column.actions')}</span>
        </th>
      </tr>
    </thead>
  );
});

interface HeadProps extends Pick<MachineTableHeadProps, 'sort' | 'onSort'> {
  readonly column: Column;
  readonly text: string;
}

function Head({ column: { id, sort: by }, text, sort, onSort }: HeadProps) {
  if (by === undefined) {
    return (
      <th className={`pf-v6-c-table__th vd-col-${id}`} scope="col">
        {text}
      </th>
    );
  }
  const isActive = sort.column === by;
  const direction = sort.descending ? 'descending' : 'ascending';
  return (
    <th
      className={`pf-v6-c-table__th pf-v6-c-table__sort vd-col-${id}${isActive ? ' pf-m-selected' : ''}`}
      scope="col"
      aria-sort={isActive ? direction : 'none'}
    >
      <button
        type="button"
        className="pf-v6-c-table__button"
        onClick={() => onSort({ column: by, descending: isActive && !sort.descending })}
      >
        <span className="pf-v6-c-table__button-content">
          <span className="pf-v6-c-table__text">{text}</span>
          <span className="pf-v6-c-table__sort-indicator">{sortIcon(isActive, sort.descending)}</span>
        </span>
      </button>
    </th>
  );
}

function sortIcon(isActive: boolean, descending: boolean): ReactNode {
  if (!isActive) return <ArrowsAltVIcon />;
  return descending ? <LongArrowAltDownIcon /> : <LongArrowAltUpIcon />;
}
