// Owns telling people who do not see the list that a machine's state changed.
// Must not tell what was there when the window opened.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { MachineView } from '../features/machines/machine-view.ts';
import { useMachines } from '../features/machines/use-machines.ts';
import { useAnnounce } from '../ui/announcer.tsx';

/** When more change at once (a bulk action), a number says more than the names. */
const namedAtOnce = 3;

export function StateAnnouncer() {
  const { t } = useTranslation(['shell', 'machines']);
  const { phase, machines } = useMachines();
  const announce = useAnnounce();
  const known = useRef<ReadonlyMap<string, string>>(undefined);
  useEffect(() => {
    if (phase !== 'ready') return;
    const changed = known.current === undefined ? [] : changedStates(known.current, machines);
    known.current = new Map(machines.map(({ id, status }) => [id, status.id]));
    if (changed.length === 0) return;
    const sentences = changed.map(({ name, status }) => t('shell:announce.one', { name, state: t(`machines:status.${status.id}`) }));
    announce(changed.length > namedAtOnce ? t('shell:announce.many', { count: changed.length }) : sentences.join(' '));
  }, [phase, machines, announce, t]);
  return null;
}

/** Machines whose status differs from the one known; new ones are no change. */
export function changedStates(known: ReadonlyMap<string, string>, machines: readonly MachineView[]): readonly MachineView[] {
  return machines.filter(({ id, status }) => known.has(id) && known.get(id) !== status.id);
}
