// Owns gathering the commands of all pages and machines.
// Must not define what a machine can do; features/machines does.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Command } from './commands.ts';
import { navigation } from './routes.tsx';

export function useCommands(): readonly Command[] {
  const { t } = useTranslation('shell');
  const [, navigate] = useLocation();
  return useMemo(() => {
    const pages: readonly Command[] = navigation.map((id) => ({
      id: `go-${id}`,
      label: t('search.goTo', { page: t(`navigation.${id}`) }),
      group: t('search.groups.pages'),
      run: () => navigate(`/${id}`),
    }));
    const create: readonly Command[] = [
      { id: 'create', label: t('search.create'), group: t('search.groups.pages'), run: () => navigate('/create') },
      { id: 'create-yaml', label: t('search.createYaml'), group: t('search.groups.pages'), run: () => navigate('/create/yaml') },
    ];
    return [...create, ...pages];
  }, [t, navigate]);
}
