// Owns gathering the commands of all pages and machines.
// Must not define what a machine can do; features/machines does.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useIsComputer } from '../client/context.tsx';
import { machineActions } from '../features/machines/actions.ts';
import { machinePath } from '../features/machines/machine-path.ts';
import { useMachineHands } from '../features/machines/use-machine-hands.ts';
import { useMachines } from '../features/machines/use-machines.ts';
import type { Command } from './commands.ts';
import { isThere, navigation } from './routes.tsx';

/** Everything that `query` may mean. Actions of machines are made only for machines that the query names. */
export function useCommands(query: string): readonly Command[] {
  const pages = usePageCommands();
  const machines = useMachineCommands(query);
  return useMemo(() => [...pages, ...machines], [pages, machines]);
}

function usePageCommands(): readonly Command[] {
  const { t } = useTranslation('shell');
  const [, navigate] = useLocation();
  const isComputer = useIsComputer();
  return useMemo(() => {
    const group = 'pages' as const;
    return [
      { id: 'create', label: t('search.create'), group, run: () => navigate('/create') },
      { id: 'create-yaml', label: t('search.createYaml'), group, run: () => navigate('/create/yaml') },
      ...navigation
        .filter((id) => isThere(id, isComputer))
        .map((id) => ({
          id: `go-${id}`,
          label: t('search.goTo', { page: t(`navigation.${id}`) }),
          group,
          run: () => navigate(`/${id}`),
        })),
    ];
  }, [t, navigate, isComputer]);
}

/** One cannot choose among more by eye. */
const mostMachines = 20;

function useMachineCommands(query: string): readonly Command[] {
  const { t } = useTranslation('shell');
  const [, navigate] = useLocation();
  const { machines } = useMachines();
  const hands = useMachineHands();
  return useMemo(() => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const named = machines.filter(({ name }) => words.some((word) => name.toLowerCase().includes(word))).slice(0, mostMachines);
    return named.flatMap((machine): readonly Command[] => [
      {
        id: `open-${machine.id}`,
        label: t('search.openMachine', { name: machine.name }),
        group: 'machines',
        run: () => navigate(machinePath(machine)),
      },
      ...machineActions(machine, hands).map(({ id, label, disabledReason, run }): Command => ({
        id: `${id}-${machine.id}`,
        label: t('search.act', { action: label, name: machine.name }),
        group: 'actions',
        disabledReason,
        run,
      })),
    ]);
  }, [query, machines, hands, t, navigate]);
}
