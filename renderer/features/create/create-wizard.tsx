// Owns the create wizard: a page-sized dialog from the choice of a system to a machine that is being made.
// Must not know any step's fields.
import './create.css';
import { Modal, Wizard, WizardHeader, WizardStep } from '@patternfly/react-core';
import { type MouseEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CreationProgress } from './creation-progress.tsx';
import { DiscardDialog } from './discard-dialog.tsx';
import { stepIds, type StepId } from './form.ts';
import { StepBody } from './step-body.tsx';
import { StepFooter } from './step-footer.tsx';
import { systemTraits } from './traits.ts';
import { useCreateForm } from './use-create-form.ts';
import { useCreation } from './use-creation.ts';
import { useErrorFocus } from './use-error-focus.ts';
import { useHeld } from './use-held.ts';
import { useManifests } from './use-manifests.ts';
import { useSurroundings } from './use-world.ts';
import { blocks } from './validation.ts';

export interface CreateWizardProps {
  readonly onClose: () => void;
  readonly namespace?: string;
}

export function CreateWizard({ onClose, namespace = 'default' }: CreateWizardProps) {
  const { t } = useTranslation('create');
  const surroundings = useSurroundings(namespace);
  const { phase, create } = useCreation();
  // What is just being made must not look like a name that is taken.
  const state = useCreateForm(useHeld(surroundings.world, phase.type === 'making' || phase.type === 'made'));
  const manifests = useManifests(state.form, namespace);
  const [leaving, setLeaving] = useState(false);
  const focusError = useErrorFocus();
  const { form, problems } = state;
  const isShown: Partial<Record<StepId, boolean>> = {
    account: systemTraits(form.system).cloudInit !== 'no',
    devices: surroundings.world.devices.length > 0,
  };
  const shownSteps = stepIds.filter((id) => isShown[id] ?? true);
  const wrongIn = (id: StepId): boolean => blocks(problems.filter(({ step }) => step === id));
  const leave = (): void => {
    if (state.dirty) setLeaving(true);
    else onClose();
  };
  const finish = (): void => {
    for (const id of stepIds) state.attempt(id);
    if (!blocks(problems) && manifests !== undefined) void create(form, manifests);
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
        {shownSteps.map((id) => (
          <WizardStep
            key={id}
            id={id}
            name={t(`steps.${id}`)}
            status={state.attempted.has(id) && wrongIn(id) ? 'error' : 'default'}
            body={{ 'aria-label': t(`steps.${id}`), hasNoPadding: false }}
          >
            <StepBody id={id} state={state} surroundings={surroundings} manifests={manifests} phase={phase} />
          </WizardStep>
        ))}
      </Wizard>
      {leaving && <DiscardDialog onDiscard={onClose} onStay={() => setLeaving(false)} />}
    </Modal>
  );
}
