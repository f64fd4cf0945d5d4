// Owns the header row: names, sorting, and choosing all.
// Must not know which rows are in sight.
import { Th, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';
import type { Columns } from './columns.ts';
import type { Sort, SortColumn } from './machine-filter.ts';
import type { MachineView } from './machine-view.ts';

export interface MachineTableHeadProps {
  readonly machines: readonly MachineView[];
  readonly selected: ReadonlySet<string>;
  readonly columns: Columns;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly onSelect: (ids: readonly string[], selected: boolean) => void;
}

interface Column {
  readonly id: 'name' | 'project' | 'status' | 'cpu' | 'memory' | 'address' | 'node' | 'uptime' | 'labels';
  readonly sort?: SortColumn;
}

export function MachineTableHead({ machines, selected, columns, sort, onSort, onSelect }: MachineTableHeadProps) {
  const { t } = useTranslation('machines');
  const all: readonly (Column | false)[] = [
    { id: 'name', sort: 'name' },
    columns.project && { id: 'project' },
    { id: 'status', sort: 'status' },
    { id: 'cpu' },
    { id: 'memory' },
    { id: 'address' },
    columns.node && { id: 'node' },
    { id: 'uptime', sort: 'uptime' },
    columns.labels && { id: 'labels' },
  ];
  const shown = all.filter((column) => column !== false);
  const allSelected = machines.length > 0 && machines.every(({ id }) => selected.has(id));
  const onAll = (on: boolean): void => {
    onSelect(
      machines.map(({ id }) => id),
      on,
    );
  };
  return (
    <Tr aria-rowindex={1}>
      <Th
        className="vd-col-check"
        aria-label={t('row.selectAll')}
        select={{ isSelected: allSelected, onSelect: (_event, on) => onAll(on), props: { 'aria-label': t('row.selectAll') } }}
      />
      {shown.map(({ id, sort: column }, index) => (
        <Th key={id} className={`vd-col-${id}`} sort={column === undefined ? undefined : sortProps(column, index, { sort, onSort })}>
          {t(`column.${id}`)}
        </Th>
      ))}
      <Th className="vd-col-actions" screenReaderText={t('column.actions')} />
    </Tr>
  );
}

function sortProps(column: SortColumn, index: number, { sort, onSort }: Pick<MachineTableHeadProps, 'sort' | 'onSort'>) {
  const active = sort.column === column;
  return {
    columnIndex: index,
    sortBy: active ? { index, direction: sort.descending ? ('desc' as const) : ('asc' as const) } : {},
    onSort: () => onSort({ column, descending: active && !sort.descending }),
  };
}
