// Owns the first step: what the machine shall run.
// Must not know how a source becomes a disk.
import { Content, Form, Gallery, Stack, StackItem } from '@patternfly/react-core';

import { FolderOpenIcon } from '@patternfly/react-icons/dist/esm/icons/folder-open-icon';
import { GlobeIcon } from '@patternfly/react-icons/dist/esm/icons/globe-icon';
import { HddIcon } from '@patternfly/react-icons/dist/esm/icons/hdd-icon';
import { NetworkIcon } from '@patternfly/react-icons/dist/esm/icons/network-icon';
import { OutlinedSquareIcon } from '@patternfly/react-icons/dist/esm/icons/outlined-square-icon';
import { WindowsIcon } from '@patternfly/react-icons/dist/esm/icons/windows-icon';
import { UploadIcon } from '@patternfly/react-icons/dist/esm/icons/upload-icon';
import { type ReactElement, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CatalogImage } from '../../../electron/api/computer.ts';
import type { PersistentVolumeClaim } from '../../../electron/api/kinds/persistent-volume-claim.ts';
import type { Loaded } from '../../client/hooks.ts';
import { AddressFields } from './address-fields.tsx';
import { CatalogCards } from './catalog-cards.tsx';
import { ChoiceCard } from './choice-card.tsx';
import { ClaimField } from './claim-field.tsx';
import { DriverDisc } from './driver-disc.tsx';
import { DebianCard } from './debian-card.tsx';
import type { SystemSource } from './form.ts';
import { IntoView } from './into-view.tsx';
import { LocalFile } from './local-file.tsx';
import { NetworkBootFields } from './network-boot-fields.tsx';
import type { StepProps } from './step-props.ts';
import { UploadField } from './upload-field.tsx';

export interface StepSystemProps extends StepProps {
  readonly catalog: Loaded<readonly CatalogImage[]>;
  readonly claims: readonly PersistentVolumeClaim[];
}

type OwnSource = Exclude<SystemSource, 'debian' | 'windows' | 'catalog'>;

const ownSources: readonly { readonly source: OwnSource; readonly icon: ReactElement }[] = [
  { source: 'file', icon: <FolderOpenIcon /> },
  { source: 'upload', icon: <UploadIcon /> },
  { source: 'address', icon: <GlobeIcon /> },
  { source: 'claim', icon: <HddIcon /> },
  { source: 'network', icon: <NetworkIcon /> },
  { source: 'empty', icon: <OutlinedSquareIcon /> },
];
const cardWidths = { default: '14rem' } as const;
const ownCardWidths = { default: '11rem' } as const;

export function StepSystem(props: StepSystemProps) {
  const { form, world, change, problems, catalog, claims } = props;
  const { t } = useTranslation('create');
  const place = useRef<HTMLDivElement>(null);
  // Arrow keys choose at once, and the dialog leaves a focus inside of it alone.
  useEffect(() => {
    place.current?.querySelector<HTMLElement>('input:checked')?.focus();
  }, []);
  const choose = (source: SystemSource): void => change({ section: 'system', to: { source } });
  return (
    <Form onSubmit={(event) => event.preventDefault()}>
      <div ref={place}>
        <Stack hasGutter>
          <StackItem>
            <Content component="p">{t('system.intro')}</Content>
          </StackItem>
          <StackItem>
            <Gallery hasGutter minWidths={cardWidths} role="radiogroup" aria-label={t('system.ready')}>
              <DebianCard form={form} world={world} onSelect={() => choose('debian')} />
              <ChoiceCard
                id="source-windows"
                group="system"
                icon={<WindowsIcon />}
                title={t('system.windows.title')}
                isSelected={form.system.source === 'windows'}
                onSelect={() => choose('windows')}
              >
                {t('system.windows.body')}
              </ChoiceCard>
              <CatalogCards form={form} change={change} catalog={catalog} />
            </Gallery>
          </StackItem>
          <StackItem>
            <Content component="h3">{t('system.own')}</Content>
            <Gallery hasGutter minWidths={ownCardWidths} role="radiogroup" aria-label={t('system.own')}>
              {ownSources.map(({ source, icon }) => (
                <ChoiceCard
                  key={source}
                  id={`source-${source}`}
                  group="system"
                  icon={icon}
                  title={t(`system.${source}.title`)}
                  isSelected={form.system.source === source}
                  onSelect={() => choose(source)}
                >
                  {t(`system.${source}.body`)}
                </ChoiceCard>
              ))}
            </Gallery>
          </StackItem>
          {(form.system.source === 'file' || form.system.source === 'windows') && (
            <IntoView>
              <LocalFile form={form} world={world} change={change} problems={problems} />
              {form.system.source === 'windows' && <DriverDisc form={form} world={world} change={change} problems={problems} />}
            </IntoView>
          )}
          {form.system.source === 'upload' && (
            <IntoView>
              <UploadField form={form} world={world} change={change} problems={problems} />
            </IntoView>
          )}
          {form.system.source === 'address' && (
            <IntoView>
              <AddressFields form={form} world={world} change={change} problems={problems} />
            </IntoView>
          )}
          {form.system.source === 'network' && (
            <IntoView>
              <NetworkBootFields form={form} world={world} change={change} problems={problems} />
            </IntoView>
          )}
          {form.system.source === 'claim' && (
            <IntoView>
              <ClaimField form={form} world={world} change={change} problems={problems} claims={claims} />
            </IntoView>
          )}
        </Stack>
      </div>
    </Form>
  );
}
