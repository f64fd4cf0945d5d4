// Owns the guide's second step: what would be changed, as a difference, before anything happens.
// Must not change anything.
import { Alert, Content, Skeleton, Title } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { preparationCommands, type PreparationPlan, type PreparationStep } from '../../../electron/api/preparation.ts';
import type { Loaded } from '../../client/hooks.ts';
import { CauseList } from '../../ui/cause-list.tsx';
import { useSentences } from '../../ui/sentences.tsx';
import { FileDiff } from './file-diff.tsx';

export function PlanStep({ plan }: { readonly plan: Loaded<PreparationPlan> }) {
  const { t } = useTranslation('devices');
  const say = useSentences();
  const { value } = plan;
  return (
    <>
      <Title headingLevel="h2">{t('guide.step.plan')}</Title>
      {plan.phase === 'failed' && (
        <Alert component="p" isInline variant="danger" title={t('plan.failed')}>
          {plan.error.message}
        </Alert>
      )}
      {value === undefined && plan.phase === 'loading' && <Skeleton height="10rem" screenreaderText={t('loading', { ns: 'words' })} />}
      {value !== undefined && (
        <>
          <Content component="p">{t('plan.found', { system: value.system })}</Content>
          {value.causes.length > 0 && (
            <Alert component="p" isInline variant="danger" title={t('plan.impossible')}>
              <CauseList causes={value.causes} />
            </Alert>
          )}
          {value.remarks.map((remark) => (
            <Alert key={remark} component="p" isInline variant="warning" title={say(remark)} />
          ))}
          <Content component="p">{t(value.steps.length === 0 ? 'plan.nothing' : 'plan.what')}</Content>
          <ol className="vd-plan">
            {value.steps.map((step) => (
              <li key={step.id}>
                <StepView step={step} />
              </li>
            ))}
          </ol>
          {value.untilRestart.length > 0 && (
            <Alert component="p" isInline variant="info" title={t('plan.untilRestart', { words: value.untilRestart.join(' ') })} />
          )}
          {value.needsReboot && <Content component="p">{t('plan.restart')}</Content>}
        </>
      )}
    </>
  );
}

function StepView({ step }: { readonly step: PreparationStep }) {
  const { t } = useTranslation('devices');
  const say = useSentences();
  const { action, why } = step;
  return (
    <>
      <Content component="p" className="vd-tight">
        {say(why)}
      </Content>
      {action.type === 'write' ? (
        <FileDiff path={action.path} before={action.before} after={action.after} />
      ) : (
        <figure className="vd-diff" aria-label={t('plan.command')}>
          <pre>$ {`${preparationCommands[action.command]}${action.argument ?? ''}`}</pre>
        </figure>
      )}
    </>
  );
}
