// Owns the wizard for a machine of this computer: from the choice of a system to a machine that is being made.
// Must not know any step's fields.
import { stepIds, type StepId } from './form.ts';
import { StepBody } from './step-body.tsx';
import { systemTraits } from './traits.ts';
import { useCreateForm } from './use-create-form.ts';
import { useCreation } from './use-creation.ts';
import { useHeld } from './use-held.ts';
import { useManifests } from './use-manifests.ts';
import { useSurroundings } from './use-world.ts';
import { WizardFrame } from './wizard-frame.tsx';

export interface CreateWizardProps {
  readonly onClose: () => void;
  readonly namespace?: string;
}

export function CreateWizard({ onClose, namespace = 'default' }: CreateWizardProps) {
  const surroundings = useSurroundings(namespace);
  const { phase, create } = useCreation();
  // What is just being made must not look like a name that is taken.
  const state = useCreateForm(useHeld(surroundings.world, phase.type === 'making' || phase.type === 'made'));
  const manifests = useManifests(state.form, surroundings.world);
  const { form } = state;
  const isShown: Partial<Record<StepId, boolean>> = {
    account: systemTraits(form.system).cloudInit !== 'no',
    devices: surroundings.world.devices.resources.length > 0,
  };
  return (
    <WizardFrame
      steps={stepIds.filter((id) => isShown[id] ?? true)}
      state={state}
      phase={phase}
      body={(id) => <StepBody id={id} state={state} surroundings={surroundings} manifests={manifests} phase={phase} />}
      onFinish={() => {
        if (manifests !== undefined) void create(form, manifests);
      }}
      onClose={onClose}
    />
  );
}
