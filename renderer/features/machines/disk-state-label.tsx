// Owns how the state of a plugged or pulled disk is shown beside its name.
// Must not decide the state.
import { Label, type LabelProps } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useSentences } from '../../ui/sentences.tsx';
import type { DiskState } from './disk-states.ts';

const looks: Readonly<Record<DiskState['id'], LabelProps['status']>> = {
  pulling: 'info',
  waiting: 'info',
  plugged: 'success',
  refused: 'danger',
  releasing: 'info',
};

export function DiskStateLabel({ state, isOfRun }: { readonly state: DiskState | undefined; readonly isOfRun: boolean }) {
  const { t } = useTranslation('hotplug');
  const say = useSentences();
  if (state === undefined) return null;
  return (
    <>
      <Label isCompact status={looks[state.id]}>
        {isOfRun && state.id === 'plugged' ? t('state.ofRun') : t(`state.${state.id}`)}
      </Label>
      {state.message !== undefined && <div className="vd-subtle">{say(state.message)}</div>}
    </>
  );
}
