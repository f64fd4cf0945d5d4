// Owns the bar above the list: search, filters, create, and what to do with a selection.
// Must not hold the filter itself.
import {
  Badge,
  MenuToggle,
  type MenuToggleElement,
  SearchInput,
  Select,
  SelectList,
  SelectOption,
  Toolbar,
  ToolbarContent,
  ToolbarFilter,
  ToolbarGroup,
  ToolbarItem,
} from '@patternfly/react-core';
import { memo, type ReactNode, type Ref, type RefObject, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { menuPlace } from '../../ui/menu-place.ts';
import { type MachineFilter, noFilter } from './machine-filter.ts';
import { type StatusGroup, statusGroups } from './machine-status.ts';

export interface MachinesToolbarProps {
  readonly filter: MachineFilter;
  readonly onFilter: (change: (filter: MachineFilter) => MachineFilter) => void;
  readonly labels: readonly string[];
  readonly counts: ReadonlyMap<StatusGroup, number>;
  readonly searchRef: RefObject<HTMLInputElement | null>;
  readonly children: ReactNode;
}

export function MachinesToolbar({ filter, onFilter, labels, counts, searchRef, children }: MachinesToolbarProps) {
  const { t } = useTranslation('machines');
  const search = (query: string): void => onFilter((last) => ({ ...last, query }));
  return (
    <Toolbar clearAllFilters={() => onFilter(() => noFilter)} clearFiltersButtonText={t('filter.clear')} inset={{ default: 'insetNone' }}>
      <ToolbarContent>
        <ToolbarItem>
          <SearchInput
            ref={searchRef}
            value={filter.query}
            onChange={(_event, value) => search(value)}
            onClear={() => search('')}
            placeholder={t('filter.search')}
            aria-label={t('filter.search')}
            resetButtonLabel={t('filter.clearSearch')}
          />
        </ToolbarItem>
        <Filters groups={filter.groups} chosen={filter.labels} labels={labels} counts={counts} onFilter={onFilter} />
        {children}
      </ToolbarContent>
    </Toolbar>
  );
}

interface FiltersProps extends Pick<MachinesToolbarProps, 'onFilter' | 'labels' | 'counts'> {
  readonly groups: readonly StatusGroup[];
  readonly chosen: readonly string[];
}

/** Not drawn again while somebody types in the search. */
const Filters = memo(function Filters({ groups, chosen, labels, counts, onFilter }: FiltersProps) {
  const { t } = useTranslation('machines');
  const groupOf = (label: string): StatusGroup | undefined => statusGroups.find((group) => t(`group.${group}`) === label);
  const setGroups = (next: readonly StatusGroup[]): void => onFilter((last) => ({ ...last, groups: next }));
  const setLabels = (next: readonly string[]): void => onFilter((last) => ({ ...last, labels: next }));
  return (
    <ToolbarGroup variant="filter-group">
      <ToolbarFilter
        labels={groups.map((group) => t(`group.${group}`))}
        deleteLabel={(_category, label) => setGroups(without(groups, groupOf(textOf(label))))}
        deleteLabelGroup={() => setGroups([])}
        categoryName={t('filter.status')}
      >
        <Choices
          label={t('filter.status')}
          options={statusGroups.map((id) => ({ id, label: t(`group.${id}`), count: counts.get(id) ?? 0 }))}
          chosen={groups}
          onChoose={setGroups}
        />
      </ToolbarFilter>
      <ToolbarFilter
        labels={[...chosen]}
        deleteLabel={(_category, label) => setLabels(without(chosen, textOf(label)))}
        deleteLabelGroup={() => setLabels([])}
        categoryName={t('filter.label')}
        showToolbarItem={labels.length > 0}
      >
        <Choices label={t('filter.label')} options={labels.map((label) => ({ id: label, label }))} chosen={chosen} onChoose={setLabels} />
      </ToolbarFilter>
    </ToolbarGroup>
  );
});

interface ChoicesProps<T extends string> {
  readonly label: string;
  readonly options: readonly { readonly id: T; readonly label: string; readonly count?: number }[];
  readonly chosen: readonly T[];
  readonly onChoose: (chosen: readonly T[]) => void;
}

function Choices<T extends string>({ label, options, chosen, onChoose }: ChoicesProps<T>) {
  const [open, setOpen] = useState(false);
  const toggleChoice = (id: T): void => onChoose(chosen.includes(id) ? without(chosen, id) : [...chosen, id]);
  return (
    <Select
      role="menu"
      isOpen={open}
      onOpenChange={setOpen}
      onSelect={(_event, value) => toggleChoice(value as T)}
      maxMenuHeight="20rem"
      popperProps={{ appendTo: menuPlace }}
      isScrollable
      toggle={(ref: Ref<MenuToggleElement>) => (
        <MenuToggle
          ref={ref}
          isExpanded={open}
          onClick={() => setOpen(!open)}
          badge={chosen.length > 0 ? <Badge isRead>{chosen.length}</Badge> : undefined}
        >
          {label}
        </MenuToggle>
      )}
    >
      <SelectList>
        {options.map((option) => (
          <SelectOption key={option.id} value={option.id} hasCheckbox isSelected={chosen.includes(option.id)}>
            {option.label}
            {option.count !== undefined && <span className="vd-subtle"> {option.count}</span>}
          </SelectOption>
        ))}
      </SelectList>
    </Select>
  );
}

/** PatternFly hands back a label as text or as an object with a node; ours are text. */
function textOf(label: string | { readonly key: string }): string {
  return typeof label === 'string' ? label : label.key;
}

function without<T>(items: readonly T[], item: T | undefined): readonly T[] {
  return items.filter((other) => other !== item);
}
