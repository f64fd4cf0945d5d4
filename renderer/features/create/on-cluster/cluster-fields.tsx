// Owns choosing among what a cluster offers: an instance type and a preference, a storage class.
// Must not be shown where it offers none.
import { Content } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { mebibytesText } from '../../../ui/size-text.ts';
import { SelectField } from '../select-field.tsx';
import type { ClusterChoice } from './cluster-choice.ts';
import type { ClusterOffer, SizeOffer } from './use-cluster-offer.ts';

interface OfferProps {
  readonly choice: ClusterChoice;
  readonly offer: ClusterOffer;
  readonly onChoice: (to: Partial<ClusterChoice>) => void;
}

export function TypeFields({ choice, offer, onChoice, onSize }: OfferProps & { readonly onSize: (size: SizeOffer) => void }) {
  const { t, i18n } = useTranslation(['clusterCreate', 'create']);
  const { instancetypes, preferences } = offer;
  const sizeText = ({ name, cpus, memoryMiB }: SizeOffer): string =>
    `${name} · ${t('create:size.numbers', { count: cpus, memory: mebibytesText(memoryMiB, i18n.language) })}`;
  const choose = (id: string): void => {
    onChoice({ instancetype: id });
    const size = instancetypes.find((type) => type.id === id);
    if (size !== undefined) onSize(size);
  };
  return (
    <>
      {instancetypes.length > 0 && (
        <SelectField
          id="instancetype"
          label={t('type.label')}
          problems={[]}
          field="instancetype"
          help={t('type.help')}
          value={choice.instancetype}
          options={[{ value: '', label: t('type.none') }, ...instancetypes.map((type) => ({ value: type.id, label: sizeText(type) }))]}
          onChange={choose}
        />
      )}
      {preferences.length > 0 && (
        <SelectField
          id="preference"
          label={t('preference.label')}
          problems={[]}
          field="preference"
          help={t('preference.help')}
          value={choice.preference}
          options={[{ value: '', label: t('preference.none') }, ...preferences.map(({ id, name }) => ({ value: id, label: name }))]}
          onChange={(preference) => onChoice({ preference })}
        />
      )}
    </>
  );
}

export function StorageField({ choice, offer: { storageClasses }, onChoice }: OfferProps) {
  const { t } = useTranslation('clusterCreate');
  const usual = storageClasses.find(({ isDefault }) => isDefault);
  const whole = usual === undefined ? t('storage.default') : t('storage.defaultNamed', { name: usual.name });
  return (
    <>
      {choice.source === 'container' && <Content component="p">{t('containerDisk')}</Content>}
      {storageClasses.length > 0 && (
        <SelectField
          id="storage-class"
          label={t('storage.label')}
          problems={[]}
          field="storageClass"
          value={choice.storageClass}
          options={[{ value: '', label: whole }, ...storageClasses.map(({ name }) => ({ value: name, label: name }))]}
          onChange={(storageClass) => onChoice({ storageClass })}
        />
      )}
    </>
  );
}
