// Owns the frame of a create wizard: a page-sized dialog with steps, their footer, and what is asked before it is left.
// Must not know any step's fields.
import './create.css';
import { Modal, Wizard, WizardHeader, WizardStep } from '@patternfly/react-core';
import { type MouseEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CreationProgress } from './creation-progress.tsx';
import { DiscardDialog } from './discard-dialog.tsx';
import type { StepId } from './form.ts';
import { StepFooter } from './step-footer.tsx';
import { systemTraits } from './traits.ts';
import type { CreateFormState } from './use-create-form.ts';
import type { CreationPhase } from './use-creation.ts';
import { useErrorFocus } from './use-error-focus.ts';
import { blocks } from './validation.ts';

export interface WizardFrameProps {
  readonly steps: readonly StepId[];
  readonly state: CreateFormState;
  readonly phase: CreationPhase;
  readonly body: (id: StepId) => ReactNode;
  /** Of a form without a problem that blocks. */
  readonly onFinish: () => void;
  readonly onClose: () => void;
}

export function WizardFrame({ steps, state, phase, body, onFinish, onClose }: WizardFrameProps) {
  const { t } = useTranslation('create');
  const [leaving, setLeaving] = useState(false);
  const focusError = useErrorFocus();
  const { form, problems } = state;
  const wrongIn = (id: StepId): boolean => blocks(problems.filter(({ step }) => step === id));
  const leave = (): void => {
    if (state.dirty) setLeaving(true);
    else onClose();
  };
  const finish = (): void => {
    for (const id of steps) state.attempt(id);
    if (!blocks(problems)) onFinish();
  };
  const { user, password, mode } = form.account;
  const hasLogin = mode === 'form' && systemTraits(form.system).cloudInit !== 'no';
  const header = (
    <WizardHeader title={t('title')} titleId="create-title" onClose={leave} closeButtonAriaLabel={t('close', { ns: 'words' })} />
  );
  if (phase.type === 'made') {
    return (
      <Modal isOpen variant="medium" aria-labelledby="create-title" onClose={onClose}>
        <CreationProgress made={phase.made} login={hasLogin ? { user, password } : undefined} onClose={onClose} />
      </Modal>
    );
  }
  return (
    <Modal isOpen width="100%" className="vd-create" aria-labelledby="create-title" onEscapePress={leave}>
      <Wizard
        height="100%"
        isVisitRequired
        shouldFocusContent
        navAriaLabel={t('stepsLabel')}
        header={header}
        footer={(active, onNext, onBack) => {
          const id = active.id as StepId;
          const isLast = id === 'review';
          const next = (event: MouseEvent<HTMLButtonElement>): void => {
            state.attempt(id);
            if (isLast) finish();
            else if (wrongIn(id)) focusError();
            else void onNext(event);
          };
          return (
            <StepFooter
              isFirst={id === 'system'}
              isLast={isLast}
              isWorking={phase.type === 'making'}
              onBack={(event) => void onBack(event)}
              onNext={next}
              onCancel={leave}
            />
          );
        }}
      >
        {steps.map((id) => (
          <WizardStep
            key={id}
            id={id}
            name={t(`steps.${id}`)}
            status={state.attempted.has(id) && wrongIn(id) ? 'error' : 'default'}
            body={{ 'aria-label': t(`steps.${id}`), hasNoPadding: false }}
          >
            {body(id)}
          </WizardStep>
        ))}
      </Wizard>
      {leaving && <DiscardDialog onDiscard={onClose} onStay={() => setLeaving(false)} />}
    </Modal>
  );
}
