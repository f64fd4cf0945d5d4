// Owns the card of what happens when the guest fails: watchdog, panic notifier, probes, and its place when machines come up.
// Must not hold the dialog.
import { Button, DescriptionList } from '@patternfly/react-core';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsComputer } from '../../client/context.tsx';
import { Row } from './detail-row.tsx';
import type { MachineView } from './machine-view.ts';
import { TitledCard } from '../../ui/titled-card.tsx';
import { failureDraft } from './failure-edits.ts';
import { probeLines } from './probe-text.ts';

const FailuresDialog = lazy(() => import('./failures-dialog.tsx').then((file) => ({ default: file.FailuresDialog })));

export function FailuresCard({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('failures');
  const [isOpen, setOpen] = useState(false);
  const isComputer = useIsComputer();
  const { watchdog, panic, order, delay } = failureDraft(machine.vm);
  return (
    <TitledCard title={t('title')}>
      <DescriptionList isHorizontal isCompact>
        <Row term={t('watchdog.title')}>
          {watchdog === 'off' ? t('off') : t('watchdog.value', { device: 'i6300esb', action: t(`watchdog.action.${watchdog}`) })}
        </Row>
        <Row term={t('panic.title')}>
          {panic === 'off' ? t('off') : t('watchdog.value', { device: 'pvpanic', action: t(`panic.action.${panic}`) })}
        </Row>
        {probeLines(machine.vm.spec.template.spec).map(({ kind, question, periodSeconds }) => (
          <Row key={kind} term={t(`probe.${kind}`)}>
            {t('probe.value', { question, count: periodSeconds })}
          </Row>
        ))}
        {isComputer && <Row term={t('start.title')}>{startText(t, { order, delay })}</Row>}
      </DescriptionList>
      <Button variant="link" isInline onClick={() => setOpen(true)}>
        {t('edit')}
      </Button>
      <Suspense>{isOpen && <FailuresDialog machine={machine} onClose={() => setOpen(false)} />}</Suspense>
    </TitledCard>
  );
}

type Translate = ReturnType<typeof useTranslation<'failures'>>['t'];

function startText(t: Translate, { order, delay }: { readonly order: string; readonly delay: string }): string {
  if (order === '') return t('start.none');
  const place = t('start.place', { order });
  return delay === '' || delay === '0' ? place : `${place}, ${t('start.delay', { count: Number(delay) })}`;
}
