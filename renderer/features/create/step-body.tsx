// Owns which step shows which form.
// Must not know their fields.
import { Stack, StackItem, Title } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';
import type { StepId } from './form.ts';
import type { Manifests } from './manifests.ts';
import { StepAccount } from './step-account.tsx';
import { StepDevices } from './step-devices.tsx';
import { StepDisk } from './step-disk.tsx';
import { StepNetwork } from './step-network.tsx';
import { StepOptions } from './step-options.tsx';
import { StepReview } from './step-review.tsx';
import { StepSize } from './step-size.tsx';
import { StepSystem } from './step-system.tsx';
import type { CreateFormState } from './use-create-form.ts';
import type { CreationPhase } from './use-creation.ts';
import { useDraftCheck } from './use-draft-check.ts';
import { useToggleName } from './use-toggle-name.ts';
import type { Surroundings } from './use-world.ts';

export interface StepBodyProps {
  readonly id: StepId;
  readonly state: CreateFormState;
  readonly surroundings: Surroundings;
  readonly manifests: Manifests | undefined;
  readonly phase: CreationPhase;
}

export function StepBody(props: StepBodyProps) {
  return (
    <StepFrame id={props.id} phase={props.phase}>
      <StepForm {...props} />
    </StepFrame>
  );
}

export interface StepFrameProps extends Pick<StepBodyProps, 'id' | 'phase'> {
  readonly children: ReactNode;
}

/** The step's question above its form, and in the last one why the machine was refused. */
export function StepFrame({ id, phase, children }: StepFrameProps) {
  const { t } = useTranslation('create');
  useToggleName();
  return (
    <Stack hasGutter>
      <StackItem>
        <Title headingLevel="h2">{t(`headings.${id}`)}</Title>
      </StackItem>
      {id === 'review' && phase.type === 'refused' && (
        <StackItem>
          <FormFailure title={t('review.refused')} failure={failureOf(phase.error)} />
        </StackItem>
      )}
      <StackItem>{children}</StackItem>
    </Stack>
  );
}

function StepForm({ id, state, surroundings, manifests }: StepBodyProps) {
  const { form, world, change } = state;
  const step = { form, world, change, problems: state.shown(id) };
  switch (id) {
    case 'system':
      return <StepSystem {...step} catalog={surroundings.catalog} claims={surroundings.claims} />;
    case 'size':
      return <StepSize {...step} />;
    case 'disk':
      return <StepDisk {...step} />;
    case 'network':
      return <StepNetwork {...step} />;
    case 'devices':
      return <StepDevices {...step} />;
    case 'account':
      return <StepAccount {...step} />;
    case 'options':
      return <StepOptions {...step} />;
    case 'review':
      return <Review {...step} problems={state.problems} manifests={manifests} />;
  }
}

type ReviewProps = Omit<Parameters<typeof StepReview>[0], 'check'>;

/** Asks the core only while it is looked at. */
function Review(props: ReviewProps) {
  const check = useDraftCheck(props.manifests);
  return <StepReview {...props} check={check} />;
}
