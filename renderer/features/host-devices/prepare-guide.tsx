// Owns the guide from "can this computer do it?" to the recovery card: six steps, of which only one changes files.
// Must not change anything by itself; each step has a button that does.
import '../../ui/device-groups.css';
import './host-devices.css';
import { Content, PageSection, Title, Wizard, WizardStep } from '@patternfly/react-core';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { useClient } from '../../client/context.tsx';
import { useDeviceTrials, useHostDevices } from '../../client/device-hooks.ts';
import { useLoaded } from '../../client/hooks.ts';
import { groupViews } from '../../ui/device-groups.ts';
import { ApplyStep } from './step-apply.tsx';
import { CheckStep } from './step-check.tsx';
import { PlanStep } from './step-plan.tsx';
import { TrialStep } from './step-trial.tsx';
import { VerifyStep } from './step-verify.tsx';
import { RecoveryCardView } from './recovery-card.tsx';

export interface PrepareGuideProps {
  /** The first device of a group. Absent: to be picked, or nothing but what MachineConfigs say. */
  readonly address: string | undefined;
}

const stepIds = ['check', 'plan', 'trial', 'apply', 'verify', 'card'] as const;

export function PrepareGuide({ address }: PrepareGuideProps) {
  const { t } = useTranslation('devices');
  const client = useClient();
  const report = useHostDevices();
  const trials = useDeviceTrials();
  const [, navigate] = useLocation();
  const [picked, setPicked] = useState<readonly string[]>(address === undefined ? [] : [address]);
  const views = useMemo(() => (report === undefined ? [] : groupViews(report, trials ?? [])), [report, trials]);
  const chosen = views.filter(({ group }) => picked.includes(group.id));
  const names = picked.toSorted().join(',');
  const load = useCallback((signal: AbortSignal) => client.preparation(names === '' ? [] : names.split(','), signal), [client, names]);
  // Another driver is another computer to plan for.
  const drivers = report?.pci.map(({ driver }) => driver ?? '').join(' ');
  const plan = useLoaded(load, drivers);
  const bodies: Readonly<Record<(typeof stepIds)[number], React.ReactNode>> = {
    check: <CheckStep checks={report?.checks} views={views} picked={picked} onPick={setPicked} />,
    plan: <PlanStep plan={plan} />,
    trial: <TrialStep checks={report?.checks ?? []} chosen={chosen} />,
    apply: <ApplyStep plan={plan} devices={picked} />,
    verify: <VerifyStep chosen={chosen} plan={plan} />,
    card: <RecoveryCardView />,
  };
  return (
    <PageSection isFilled className="vd-guide">
      <Link href="/host-devices" className="vd-no-print">
        {t('back')}
      </Link>
      <Title headingLevel="h1">{t('guide.title')}</Title>
      <Content component="p" className="vd-page-title vd-subtle vd-no-print">
        {t('guide.intro')}
      </Content>
      <Wizard
        navAriaLabel={t('guide.steps')}
        shouldFocusContent
        onClose={() => navigate('/host-devices')}
        onSave={() => navigate('/host-devices')}
      >
        {stepIds.map((id) => (
          <WizardStep
            key={id}
            id={id}
            name={t(`guide.step.${id}`)}
            body={{ 'aria-label': t(`guide.step.${id}`) }}
            footer={{
              nextButtonText: t(id === 'card' ? 'guide.finish' : 'guide.next'),
              backButtonText: t('guide.back'),
              cancelButtonText: t('guide.leave'),
            }}
          >
            {bodies[id]}
          </WizardStep>
        ))}
      </Wizard>
    </PageSection>
  );
}
