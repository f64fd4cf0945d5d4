// Owns a detached console: the whole window is the console, its title is the machine.
// Must not have navigation.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ConsoleTarget, readView, withoutQuery } from './console-model.ts';
import { MachineConsole } from './machine-console.tsx';

export function ConsoleWindow(props: ConsoleTarget) {
  const { t } = useTranslation('console');
  const { namespace, name } = withoutQuery(props);
  const [view, setView] = useState(() => readView(queryOf(location)));
  useEffect(() => {
    document.title = t('window.title', { name });
  }, [t, name]);
  return (
    <main className="vd-console-window" aria-label={t('window.title', { name })}>
      <MachineConsole namespace={namespace} name={name} view={view} onView={setView} />
    </main>
  );
}

/** The query stands behind the hash's path, or before the hash when the router put it there. */
function queryOf({ hash, search }: Location): string {
  const mark = hash.indexOf('?');
  return mark === -1 ? search : hash.slice(mark);
}
