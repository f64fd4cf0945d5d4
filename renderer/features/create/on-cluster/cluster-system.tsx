// Owns the first step on a cluster: what the machine boots from, as the cluster can fetch it.
// Must not know how a source becomes a disk.
import { Content, Form, Gallery, TextInput } from '@patternfly/react-core';
import { CubeIcon } from '@patternfly/react-icons/dist/esm/icons/cube-icon';
import { CubesIcon } from '@patternfly/react-icons/dist/esm/icons/cubes-icon';
import { GlobeIcon } from '@patternfly/react-icons/dist/esm/icons/globe-icon';
import { HddIcon } from '@patternfly/react-icons/dist/esm/icons/hdd-icon';
import { NetworkIcon } from '@patternfly/react-icons/dist/esm/icons/network-icon';
import { OutlinedSquareIcon } from '@patternfly/react-icons/dist/esm/icons/outlined-square-icon';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersistentVolumeClaim } from '../../../../electron/api/kinds/persistent-volume-claim.ts';
import { ChoiceCard } from '../choice-card.tsx';
import { ClaimField } from '../claim-field.tsx';
import { Field, notesId, stateOf } from '../field.tsx';
import { IntoView } from '../into-view.tsx';
import type { StepProps } from '../step-props.ts';
import { type ClusterChoice, type ClusterSource, clusterSources } from './cluster-choice.ts';

const icons: Readonly<Record<ClusterSource, ReactElement>> = {
  registry: <CubesIcon />,
  url: <GlobeIcon />,
  container: <CubeIcon />,
  claim: <HddIcon />,
  network: <NetworkIcon />,
  empty: <OutlinedSquareIcon />,
};
const cardWidths = { default: '14rem' } as const;

export interface ClusterSystemProps extends StepProps {
  readonly choice: ClusterChoice;
  readonly onChoice: (to: Partial<ClusterChoice>) => void;
  readonly claims: readonly PersistentVolumeClaim[];
}

export function ClusterSystem(props: ClusterSystemProps) {
  const { choice, onChoice } = props;
  const { t } = useTranslation('clusterCreate');
  return (
    <Form onSubmit={(event) => event.preventDefault()}>
      <Content component="p">{t('intro')}</Content>
      <Gallery hasGutter minWidths={cardWidths} role="radiogroup" aria-label={t('sources')}>
        {clusterSources.map((source) => (
          <ChoiceCard
            key={source}
            id={`source-${source}`}
            group="system"
            icon={icons[source]}
            title={t(`source.${source}.title`)}
            isSelected={choice.source === source}
            onSelect={() => onChoice({ source })}
          >
            {t(`source.${source}.body`)}
          </ChoiceCard>
        ))}
      </Gallery>
      <Details {...props} />
    </Form>
  );
}

function Details({ choice: { source, address }, onChoice, claims, ...step }: ClusterSystemProps) {
  const { t } = useTranslation('clusterCreate');
  if (source === 'claim') return <ClaimField {...step} claims={claims} />;
  if (source === 'network' || source === 'empty') return null;
  const isUrl = source === 'url';
  return (
    <IntoView>
      <Field
        id="system-address"
        label={t(isUrl ? 'url' : 'image')}
        problems={step.problems}
        field="address"
        isRequired
        help={t(isUrl ? 'urlHelp' : 'imageHelp')}
      >
        <TextInput
          id="system-address"
          value={address}
          validated={stateOf(step.problems, 'address')}
          aria-describedby={notesId('system-address')}
          placeholder={isUrl ? 'https://example.org/images/system.qcow2' : 'quay.io/containerdisks/debian:13'}
          spellCheck={false}
          onChange={(_event, to) => onChoice({ address: to.trim() })}
        />
      </Field>
    </IntoView>
  );
}
