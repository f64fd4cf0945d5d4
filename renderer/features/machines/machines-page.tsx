// Owns the list of machines: what is shown, what is selected, what the keys do.
// Must not know what an action does.
import {
  Alert,
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  PageSection,
  Title,
  ToolbarItem,
} from '@patternfly/react-core';
import { SearchIcon } from '@patternfly/react-icons/dist/esm/icons/search-icon';
import { type ReactNode, useCallback, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useList } from '../../client/hooks.ts';
import { useShortcut } from '../../ui/shortcut.ts';
import { bulkActions, machineActions } from './actions.ts';
import { BulkBar } from './bulk-bar.tsx';
import { CreateButton } from './create-button.tsx';
import { MachineSearch } from './machine-search.tsx';
import { MachineTable } from './machine-table.tsx';
import { MachineTableSkeleton } from './machine-table-skeleton.tsx';
import type { MachineView } from './machine-view.ts';
import { machinePath } from './machine-path.ts';
import { MachinesToolbar } from './machines-toolbar.tsx';
import { useMachineHands } from './use-machine-hands.ts';
import { useMachineList } from './use-machine-list.ts';
import { useProjectMachines } from './use-machines.ts';
import { useSelection } from './use-selection.ts';

/** `empty` is shown when there is no machine at all. */
export function MachinesPage({ empty }: { readonly empty: ReactNode }) {
  const { t } = useTranslation('machines');
  const { phase, machines, error } = useProjectMachines();
  const nodes = useList('nodes').items.length;
  const list = useMachineList(machines);
  const [, navigate] = useLocation();
  const hands = useMachineHands();
  const searchRef = useRef<HTMLInputElement>(null);
  const { selected, select, clear, chosen } = useSelection(machines);
  const open = useCallback((machine: MachineView) => navigate(machinePath(machine)), [navigate]);
  const actionsOf = useCallback((machine: MachineView) => machineActions(machine, hands), [hands]);
  const onKey = useCallback(
    (key: 'Delete' | 'F2', machine: MachineView) => {
      if (key === 'F2') hands.open({ type: 'describe', machine });
      else hands.open({ type: 'delete', machines: selected.has(machine.id) ? chosen : [machine] });
    },
    [hands, selected, chosen],
  );
  useShortcut('n', { ctrl: true, run: () => navigate('/create') });
  useShortcut('/', { run: () => searchRef.current?.focus() });

  // The same elements while somebody types: PatternFly's toolbar is not drawn again for every key.
  const { setQuery, clearings } = list;
  const search = useMemo(() => <MachineSearch key={clearings} onQuery={setQuery} inputRef={searchRef} />, [clearings, setQuery]);
  const right = useMemo(
    () => (
      <>
        {chosen.length > 0 && <BulkBar count={chosen.length} actions={bulkActions(chosen, hands)} onClear={clear} />}
        <ToolbarItem align={{ default: 'alignEnd' }}>
          <CreateButton />
        </ToolbarItem>
      </>
    ),
    [chosen, hands, clear],
  );

  if (phase === 'ready' && machines.length === 0) return <PageSection isFilled>{empty}</PageSection>;
  return (
    <PageSection isFilled hasOverflowScroll={false} className="vd-fill" aria-labelledby="machines-title">
      <Title headingLevel="h1" id="machines-title" className="vd-page-title">
        {t('title')}
      </Title>
      {phase === 'failed' && (
        <Alert component="p" isInline variant="danger" title={t('failed.list')}>
          {error?.message}
        </Alert>
      )}
      <MachinesToolbar
        choices={list.choices}
        onChoices={list.setChoices}
        onClear={list.clear}
        labels={list.labels}
        counts={list.counts}
        search={search}
      >
        {right}
      </MachinesToolbar>
      {phase === 'loading' && <MachineTableSkeleton />}
      {phase === 'ready' && list.shown.length > 0 && (
        <MachineTable
          machines={list.shown}
          nodes={nodes}
          selected={selected}
          sort={list.sort}
          onSort={list.setSort}
          onSelect={select}
          onOpen={open}
          onKey={onKey}
          actionsOf={actionsOf}
        />
      )}
      {phase === 'ready' && list.shown.length === 0 && list.isFiltered && <NothingFound onClear={list.clear} />}
    </PageSection>
  );
}

function NothingFound({ onClear }: { readonly onClear: () => void }) {
  const { t } = useTranslation('machines');
  return (
    <EmptyState variant="sm" icon={SearchIcon} titleText={t('filter.nothingTitle')} headingLevel="h2">
      <EmptyStateBody>{t('filter.nothingBody')}</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button variant="link" onClick={onClear}>
            {t('filter.clear')}
          </Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}
