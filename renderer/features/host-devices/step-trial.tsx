// Owns the guide's third step: a group is handed over for half a minute, and comes back by itself unless it is kept.
// Must not touch files; a restart undoes everything here.
import { Alert, Button, Content, Label, Progress, Title } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { trialSeconds } from '../../../electron/api/device-trials.ts';
import type { ReadinessCheck } from '../../../electron/api/host-devices.ts';
import { useClient } from '../../client/context.tsx';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';
import { type GroupView, mainDevice, nameOf } from '../../ui/device-groups.ts';

export interface TrialStepProps {
  readonly checks: readonly ReadinessCheck[];
  readonly chosen: readonly GroupView[];
}

export function TrialStep({ checks, chosen }: TrialStepProps) {
  const { t } = useTranslation('devices');
  const isOff = checks.some(({ id, state }) => id === 'iommu' && state === 'error');
  return (
    <>
      <Title headingLevel="h2">{t('guide.step.trial')}</Title>
      <Content component="p">{t('trial.what', { count: trialSeconds.usual })}</Content>
      {isOff && <Alert component="p" isInline variant="info" title={t('trial.noIommu')} />}
      {chosen.length === 0 && <Content component="p">{t('trial.noGroup')}</Content>}
      {chosen.map((view) => (
        <GroupTrial key={view.group.id} view={view} isOff={isOff} />
      ))}
    </>
  );
}

function GroupTrial({ view, isOff }: { readonly view: GroupView; readonly isOff: boolean }) {
  const { t } = useTranslation('devices');
  const client = useClient();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const { trial, group, isForMachines } = view;
  const main = mainDevice(view);
  const name = main === undefined ? group.id : nameOf(main);
  const attempt = async (work: Promise<unknown>): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await work;
    } catch (refused) {
      setError(refused);
    }
    setBusy(false);
  };
  const left = trial?.secondsLeft ?? 0;
  return (
    <section aria-label={name} className="vd-trial">
      <Title headingLevel="h3">{name}</Title>
      <div className="vd-group-labels">
        {view.devices.map(({ address, driver }) => (
          <Label key={address} isCompact variant="outline">
            {address}: {driver ?? t('detail.noDriver')}
          </Label>
        ))}
      </div>
      {error !== undefined && <FormFailure title={t('trial.failed')} failure={failureOf(error)} />}
      {trial?.state === 'trying' && (
        <Progress
          aria-label={t('trial.left', { count: left })}
          title={t('trial.left', { count: left })}
          value={left}
          max={trialSeconds.usual}
          measureLocation="none"
        />
      )}
      {trial?.state === 'interrupted' && <Content component="p">{t('interrupted.what')}</Content>}
      {trial?.state === 'kept' && <Content component="p">{t('trial.kept')}</Content>}
      {trial !== undefined && (
        <div className="vd-group-labels">
          {trial.state === 'trying' && (
            <Button isDisabled={busy} onClick={() => void attempt(client.keepDevice(group.id))}>
              {t('trial.keep')}
            </Button>
          )}
          <Button variant="secondary" isDisabled={busy} onClick={() => void attempt(client.revertDevice(group.id))}>
            {t(trial.state === 'interrupted' ? 'interrupted.finish' : 'trial.revert')}
          </Button>
        </div>
      )}
      {trial === undefined && isForMachines && <Content component="p">{t('trial.bound')}</Content>}
      {trial === undefined && !isForMachines && (
        <Button
          variant="secondary"
          isLoading={busy}
          isDisabled={busy || isOff}
          onClick={() => void attempt(client.tryDevice({ address: group.id, seconds: trialSeconds.usual }))}
        >
          {t('trial.try', { count: trialSeconds.usual })}
        </Button>
      )}
    </section>
  );
}
