// Owns what the list shows of the machines: search, filters, order.
// Must not draw.
import { useCallback, useMemo, useState } from 'react';
import {
  countByGroup,
  filterMachines,
  hasFilter,
  labelsOf,
  type MachineFilter,
  noFilter,
  type Sort,
  sortMachines,
} from './machine-filter.ts';
import type { StatusGroup } from './machine-status.ts';
import type { MachineView } from './machine-view.ts';

export interface MachineList {
  readonly shown: readonly MachineView[];
  readonly isFiltered: boolean;
  /** The same value while somebody types in the search. */
  readonly choices: MachineChoices;
  readonly setChoices: (choices: MachineChoices) => void;
  readonly setQuery: (query: string) => void;
  /** Grows when everything is cleared, so that the search box can empty itself. */
  readonly clearings: number;
  readonly clear: () => void;
  readonly sort: Sort;
  readonly setSort: (sort: Sort) => void;
  readonly labels: readonly string[];
  readonly counts: ReadonlyMap<StatusGroup, number>;
}

export type MachineChoices = Pick<MachineFilter, 'groups' | 'labels'>;

export function useMachineList(machines: readonly MachineView[]): MachineList {
  const [query, setQuery] = useState('');
  const [choices, setChoices] = useState<MachineChoices>(noFilter);
  const [sort, setSort] = useState<Sort>({ column: 'name', descending: false });
  const [clearings, setClearings] = useState(0);
  const filter = useMemo(() => ({ ...choices, query }), [choices, query]);
  const shown = useMemo(() => sortMachines(filterMachines(machines, filter), sort), [machines, filter, sort]);
  const labels = useMemo(() => labelsOf(machines), [machines]);
  const counts = useMemo(() => countByGroup(machines), [machines]);
  const clear = useCallback(() => {
    setQuery('');
    setChoices(noFilter);
    setClearings((last) => last + 1);
  }, []);
  return { shown, isFiltered: hasFilter(filter), choices, setChoices, setQuery, clearings, clear, sort, setSort, labels, counts };
}
