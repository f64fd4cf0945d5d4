// Owns the bar above the list: search, filters, create, and what to do with a selection.
// Must not hold the filters themselves.
import {
  Badge,
  MenuToggle,
  type MenuToggleElement,
  Select,
  SelectList,
  SelectOption,
  Toolbar,
  ToolbarContent,
  ToolbarFilter,
  ToolbarGroup,
  ToolbarItem,
} from '@patternfly/react-core';
import { memo, type ReactNode, type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { menuPlace } from '../../ui/menu-place.ts';
import { type StatusGroup, statusGroups } from './machine-status.ts';
import type { MachineChoices } from './use-machine-list.ts';

export interface MachinesToolbarProps {
  readonly choices: MachineChoices;
  readonly onChoices: (choices: MachineChoices) => void;
  readonly onClear: () => void;
  readonly labels: readonly string[];
  readonly counts: ReadonlyMap<StatusGroup, number>;
  /** The search box. */
  readonly search: ReactNode;
  readonly children: ReactNode;
}

export const MachinesToolbar = memo(function MachinesToolbar(props: MachinesToolbarProps) {
  const { choices, onChoices, onClear, labels, counts, search, children } = props;
  const { t } = useTranslation('machines');
  const { groups, labels: chosen } = choices;
  const groupOf = (label: string): StatusGroup | undefined => statusGroups.find((group) => t(`group.${group}`) === label);
  const setGroups = (next: readonly StatusGroup[]): void => onChoices({ ...choices, groups: next });
  const setLabels = (next: readonly string[]): void => onChoices({ ...choices, labels: next });
  return (
    <Toolbar clearAllFilters={onClear} clearFiltersButtonText={t('filter.clear')} inset={{ default: 'insetNone' }}>
      <ToolbarContent>
        <ToolbarItem>{search}</ToolbarItem>
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
            <Choices
              label={t('filter.label')}
              options={labels.map((label) => ({ id: label, label }))}
              chosen={chosen}
              onChoose={setLabels}
            />
          </ToolbarFilter>
        </ToolbarGroup>
        {children}
      </ToolbarContent>
    </Toolbar>
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
