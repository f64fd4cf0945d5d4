// Owns the alert that a machine's guest failed, with the way to its evidence.
// Must not come back after it was dismissed.
import { Alert, AlertActionCloseButton, AlertActionLink } from '@patternfly/react-core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useList } from '../../client/hooks.ts';
import { Moment } from '../../ui/moment.tsx';
import { useSentences } from '../../ui/sentences.tsx';
import { machinePath } from './machine-path.ts';
import type { MachineView } from './machine-view.ts';
import { latestFailure } from './latest-failure.ts';

export function FailureAlert({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('failures');
  const say = useSentences();
  const [, navigate] = useLocation();
  const { namespace, name, vm } = machine;
  const { items } = useList('events');
  const key = `virtdeck.dismissed-failure.${vm.metadata.uid}`;
  const [dismissed, setDismissed] = useState(() => localStorage.getItem(key) ?? undefined);
  const failure = useMemo(() => latestFailure(items, { namespace, name, dismissed }), [items, namespace, name, dismissed]);
  if (failure === undefined) return null;
  const dismiss = (): void => {
    localStorage.setItem(key, failure.id);
    setDismissed(failure.id);
  };
  return (
    <Alert
      component="p"
      isInline
      variant="warning"
      title={t(`alert.${failure.reason}`)}
      actionClose={<AlertActionCloseButton aria-label={t('evidence.dismiss')} onClose={dismiss} />}
      actionLinks={
        <AlertActionLink onClick={() => navigate(machinePath({ namespace, name, tab: 'events' }))}>{t('evidence.see')}</AlertActionLink>
      }
    >
      {say(failure.message)} <Moment time={failure.time} />
    </Alert>
  );
}
