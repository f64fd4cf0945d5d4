// Owns how far a new machine is, and the ways on. It can be left: everything goes on in the core.
// Must not hold the creation up.
import {
  Alert,
  Button,
  Content,
  ModalBody,
  ModalFooter,
  ModalHeader,
  Progress,
  ProgressStep,
  ProgressStepper,
} from '@patternfly/react-core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useList, useObject } from '../../client/hooks.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { creationState, type Stage, stagesOf, type StageState } from './progress.ts';
import { useStageText } from './use-stage-text.ts';
import type { Made } from './use-creation.ts';

export interface CreationProgressProps {
  readonly made: Made;
  /** Said once more: only its hash was kept. */
  readonly login: { readonly user: string; readonly password: string } | undefined;
  readonly onClose: () => void;
}

export function CreationProgress({ made, login, onClose }: CreationProgressProps) {
  const { t } = useTranslation('create');
  const [, navigate] = useLocation();
  const { namespace, name, disks, willStart } = made;
  const { object: machine } = useObject({ resource: 'virtualmachines.kubevirt.io', namespace, name });
  const { items } = useList('datavolumes.cdi.kubevirt.io');
  const stages = useMemo(
    () => stagesOf({ machine, disks, volumes: items.filter(({ metadata }) => metadata.namespace === namespace), willStart }),
    [machine, disks, items, namespace, willStart],
  );
  const state = creationState(stages);
  const page = `/machines/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
  return (
    <>
      <ModalHeader title={t(`progress.title.${state}`, { name })} labelId="create-title" />
      <ModalBody tabIndex={0} className="vd-fields">
        {state === 'working' && <Content component="p">{t('progress.leave')}</Content>}
        <ProgressStepper isVertical aria-label={t('progress.label')}>
          {stages.map((stage) => (
            <StageStep key={stage.id} stage={stage} />
          ))}
        </ProgressStepper>
        {login !== undefined && login.password !== '' && (
          <Alert isInline component="h2" variant="info" title={t('progress.login', { user: login.user })}>
            <span className="vd-mono">{login.password}</span>{' '}
            <CopyButton text={login.password} label={t('account.copyPassword')} doneLabel={t('copied', { ns: 'words' })} />
          </Alert>
        )}
      </ModalBody>
      <ModalFooter>
        <Button onClick={() => navigate(willStart ? `${page}/console` : page)}>
          {willStart ? t('progress.openConsole') : t('progress.openMachine')}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('close', { ns: 'words' })}
        </Button>
      </ModalFooter>
    </>
  );
}

const variants: Readonly<Record<StageState, 'pending' | 'info' | 'success' | 'danger'>> = {
  waiting: 'pending',
  working: 'info',
  done: 'success',
  failed: 'danger',
};

function StageStep({ stage }: { readonly stage: Stage }) {
  const { title, detail, state } = useStageText(stage);
  return (
    <ProgressStep
      id={`stage-${stage.id}`}
      titleId={`stage-${stage.id}-title`}
      variant={variants[stage.state]}
      isCurrent={stage.state === 'working'}
      aria-label={`${title}: ${state}`}
      description={
        <>
          {stage.state === 'working' && stage.percent !== undefined && (
            <Progress value={Math.round(stage.percent)} size="sm" aria-label={title} className="vd-stage" />
          )}
          {detail}
        </>
      }
    >
      {title}
    </ProgressStep>
  );
}
