// Owns the wizard for a machine of a cluster: the same steps, with what the cluster has in place of what this computer has.
// Must not ask this computer for anything but its user's keys.
import { useCallback, useMemo, useState } from 'react';
import { useHome } from '../../../client/context.tsx';
import { useLoaded } from '../../../client/hooks.ts';
import { type CreateForm, emptyForm, stepIds, type StepId } from '../form.ts';
import type { Manifests } from '../manifests.ts';
import { StepAccount } from '../step-account.tsx';
import { StepDisk } from '../step-disk.tsx';
import { StepFrame } from '../step-body.tsx';
import { StepNetwork } from '../step-network.tsx';
import { StepOptions } from '../step-options.tsx';
import { StepReview } from '../step-review.tsx';
import { StepSize } from '../step-size.tsx';
import type { World } from '../suggestions.ts';
import { systemTraits } from '../traits.ts';
import { useCreateForm } from '../use-create-form.ts';
import { useCreation } from '../use-creation.ts';
import { useHeld } from '../use-held.ts';
import { useManifests } from '../use-manifests.ts';
import { useSurroundings } from '../use-world.ts';
import { WizardFrame } from '../wizard-frame.tsx';
import { type ClusterChoice, firstChoice, matcherOf, systemOf } from './cluster-choice.ts';
import { StorageField, TypeFields } from './cluster-fields.tsx';
import { clusterManifests } from './cluster-manifests.ts';
import { clusterProblems } from './cluster-problems.ts';
import { ClusterSystem } from './cluster-system.tsx';
import { useClusterCheck } from './use-cluster-check.ts';
import { type SizeOffer, useClusterOffer } from './use-cluster-offer.ts';

export interface ClusterWizardProps {
  /** Project on the cluster. */
  readonly namespace: string;
  readonly onClose: () => void;
}

export function ClusterWizard({ namespace, onClose }: ClusterWizardProps) {
  const { world: there, claims } = useSurroundings(namespace);
  const { client: home } = useHome();
  const report = useLoaded(useCallback((signal: AbortSignal) => home.computer(signal), [home]));
  const user = report.value?.user;
  const world = useMemo(() => (user === undefined ? there : { ...there, user }), [there, user]);
  const offer = useClusterOffer();
  const { phase, create } = useCreation();
  const [choice, setChoice] = useState(firstChoice);
  const state = useCreateForm(useHeld(world, phase.type === 'making' || phase.type === 'made'), {
    start: startForm,
    judge: useCallback((form: CreateForm, known: World) => clusterProblems(form, known, choice), [choice]),
  });
  const local = useManifests(state.form, world);
  const manifests = useMemo(() => (local === undefined ? undefined : clusterManifests(local, choice)), [local, choice]);
  const { form, change } = state;
  const choose = (to: Partial<ClusterChoice>): void => {
    const next = { ...choice, ...to };
    setChoice(next);
    if ('source' in to || 'address' in to) change({ section: 'system', to: systemOf(next) });
  };
  const setSize = ({ cpus, memoryMiB }: SizeOffer): void => {
    change({ section: 'size', to: { id: 'own', cpus, memoryMiB } });
    change({ section: 'options', to: { pages: 'ordinary', ownCores: false } });
  };
  const isShown: Partial<Record<StepId, boolean>> = { account: systemTraits(form.system).cloudInit !== 'no', devices: false };
  const body = (id: StepId) => {
    const step = { form, world, change, problems: state.shown(id) };
    const offered = { choice, offer, onChoice: choose };
    switch (id) {
      case 'system':
        return <ClusterSystem {...step} choice={choice} onChoice={choose} claims={claims} />;
      case 'size':
        return (
          <StepSize {...step} isByType={choice.instancetype !== ''}>
            <TypeFields {...offered} onSize={setSize} />
          </StepSize>
        );
      case 'disk':
        return (
          <StepDisk {...step} isImage={choice.source === 'container'}>
            <StorageField {...offered} />
          </StepDisk>
        );
      case 'network':
        return <StepNetwork {...step} />;
      case 'account':
        return <StepAccount {...step} />;
      case 'options':
        return <StepOptions {...step} isByType={choice.instancetype !== ''} />;
      case 'review':
        return <Review {...step} problems={state.problems} manifests={manifests} instead={insteadOf(choice, form)} />;
      case 'devices':
        return null;
    }
  };
  return (
    <WizardFrame
      steps={stepIds.filter((id) => isShown[id] ?? true)}
      state={state}
      phase={phase}
      body={(id) => (
        <StepFrame id={id} phase={phase}>
          {body(id)}
        </StepFrame>
      )}
      onFinish={() => {
        if (manifests !== undefined) void create(form, manifests);
      }}
      onClose={onClose}
    />
  );
}

/** Disks of a cluster have no format that anybody chooses. */
function insteadOf({ source, address, storageClass, instancetype }: ClusterChoice, { disk, system }: CreateForm) {
  const type = matcherOf(instancetype);
  const made = [`${disk.sizeGiB ?? 0} GiB`, ...(storageClass === '' ? [] : [storageClass])].join(' · ');
  return {
    ...(type === undefined ? {} : { size: type.name }),
    disk: source === 'container' ? address : source === 'claim' ? system.claim : made,
  };
}

/** Nothing of a cluster is forwarded to ports of this computer, and nothing boots from its folders. */
function startForm() {
  const form = emptyForm();
  const { system, touched } = form;
  return {
    ...form,
    system: { ...system, ...systemOf(firstChoice), networkBoot: { ...system.networkBoot, from: 'none' as const } },
    touched: { ...touched, forwards: true },
  };
}

type ReviewProps = Omit<Parameters<typeof StepReview>[0], 'check'> & { readonly manifests: Manifests | undefined };

/** Asks the cluster only while it is looked at. */
function Review(props: ReviewProps) {
  return <StepReview {...props} check={useClusterCheck(props.manifests)} />;
}
