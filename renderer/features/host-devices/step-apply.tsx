// Owns the guide's fourth step: having the plan done, as it was shown, with an administrator's password where one is needed.
// Must not do anything but what the plan says.
import { Alert, Button, Content, Progress, Title } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { preparationCommands, type PreparationPlan, type PreparationStep } from '../../../electron/api/preparation.ts';
import { useClient } from '../../client/context.tsx';
import { usePreparationChanges } from '../../client/device-hooks.ts';
import type { Loaded } from '../../client/hooks.ts';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';
import { ChangesCard } from './changes-card.tsx';

export interface ApplyStepProps {
  readonly plan: Loaded<PreparationPlan> & { readonly again: () => void };
  readonly devices: readonly string[];
}

export function ApplyStep({ plan, devices }: ApplyStepProps) {
  const { t } = useTranslation('devices');
  const client = useClient();
  const running = usePreparationChanges()?.running;
  const [error, setError] = useState<unknown>();
  const [isDone, setDone] = useState(false);
  const { value } = plan;
  const steps = value?.steps ?? [];
  const isReady = value !== undefined && value.causes.length === 0 && steps.length > 0 && running === undefined;
  const apply = async (digest: string): Promise<void> => {
    setError(undefined);
    try {
      await client.applyPreparation({ devices, digest });
      setDone(true);
    } catch (refused) {
      setError(refused);
    }
    plan.again();
  };
  return (
    <>
      <Title headingLevel="h2">{t('guide.step.apply')}</Title>
      <Content component="p">{t('apply.what')}</Content>
      {error !== undefined && <FormFailure title={t('apply.failed')} failure={failureOf(error)} />}
      {isDone && steps.length === 0 && (
        <Alert component="p" isInline isLiveRegion variant="success" title={t('apply.done')}>
          {t('apply.next')}
        </Alert>
      )}
      {!isDone && steps.length === 0 && <Content component="p">{t('plan.nothing')}</Content>}
      {value !== undefined && value.causes.length > 0 && <Alert component="p" isInline variant="danger" title={t('plan.impossible')} />}
      {steps.length > 0 && (
        <ol className="vd-plan">
          {steps.map((step) => (
            <li key={step.id}>
              <code>{wordOf(step)}</code>
            </li>
          ))}
        </ol>
      )}
      {running !== undefined && running.of > 0 && (
        <Progress
          title={running.what}
          value={running.number - 1}
          max={running.of}
          label={t('apply.progress', { number: running.number, of: running.of })}
          valueText={t('apply.progress', { number: running.number, of: running.of })}
        />
      )}
      {steps.length > 0 && (
        <Button
          isLoading={running !== undefined}
          isDisabled={!isReady}
          onClick={() => {
            if (value !== undefined) void apply(value.digest);
          }}
        >
          {t('apply.button', { count: steps.length })}
        </Button>
      )}
      <div className="vd-apply-changes">
        <ChangesCard />
      </div>
    </>
  );
}

function wordOf({ action }: PreparationStep): string {
  return action.type === 'write' ? action.path : `$ ${preparationCommands[action.command]}${action.argument ?? ''}`;
}
