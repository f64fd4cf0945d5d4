// Owns the cards of the systems that can be downloaded.
// Must not download.
import { Content, Label, Skeleton } from '@patternfly/react-core';
import { CheckCircleIcon } from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import { DownloadIcon } from '@patternfly/react-icons/dist/esm/icons/download-icon';
import { useTranslation } from 'react-i18next';
import type { CatalogImage } from '../../../electron/api/computer.ts';
import type { Loaded } from '../../client/hooks.ts';
import { bytesText } from '../../ui/size-text.ts';
import { ChoiceCard } from './choice-card.tsx';
import type { CreateForm } from './form.ts';
import { Remark } from './remark.tsx';
import type { StepProps } from './step-props.ts';

export interface CatalogCardsProps {
  readonly form: CreateForm;
  readonly change: StepProps['change'];
  readonly catalog: Loaded<readonly CatalogImage[]>;
}

export function CatalogCards({ form, change, catalog }: CatalogCardsProps) {
  const { t } = useTranslation('create');
  if (catalog.phase === 'failed' && catalog.value === undefined) {
    return <Remark status="warning" text={t('system.catalog.failed')} more={catalog.error.message} />;
  }
  if (catalog.value === undefined) {
    return Array.from({ length: 3 }, (_, index) => <Skeleton key={index} height="9rem" screenreaderText={t('system.catalog.loading')} />);
  }
  return catalog.value.map((image) => (
    <CatalogCard
      key={image.id}
      image={image}
      isSelected={form.system.source === 'catalog' && form.system.image?.id === image.id}
      onSelect={() => change({ section: 'system', to: { source: 'catalog', image } })}
    />
  ));
}

interface CatalogCardProps {
  readonly image: CatalogImage;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}

function CatalogCard({ image, isSelected, onSelect }: CatalogCardProps) {
  const { t, i18n } = useTranslation('create');
  const { id, name, version, type, sizeBytes, checksum } = image;
  return (
    <ChoiceCard
      id={`catalog-${id}`}
      group="system"
      icon={<DownloadIcon />}
      title={name.includes(version) ? name : `${name} ${version}`}
      isSelected={isSelected}
      onSelect={onSelect}
    >
      <Content component="p" className="vd-tight">
        {t(`system.catalog.${type === 'installer' ? 'installer' : 'cloudImage'}`)}
        {sizeBytes !== undefined && ` · ${t('system.catalog.size', { size: bytesText(sizeBytes, i18n.language) })}`}
      </Content>
      <Label isCompact variant="outline" status="success" icon={<CheckCircleIcon />}>
        {t('system.catalog.verified', { algorithm: checksum.algorithm.toUpperCase() })}
      </Label>
    </ChoiceCard>
  );
}
