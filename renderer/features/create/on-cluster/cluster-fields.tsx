// Owns choosing among what a cluster offers: an instance type and a preference, a storage class.
// Must not be shown where it offers none.
import { Content, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { mebibytesText } from '../../../ui/size-text.ts';
import { Field, notesId } from '../field.tsx';
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
        <Select
          id="instancetype"
          label={t('type.label')}
          help={t('type.help')}
          none={t('type.none')}
          value={choice.instancetype}
          options={instancetypes.map((type) => ({ id: type.id, text: sizeText(type) }))}
          onChoose={choose}
        />
      )}
      {preferences.length > 0 && (
        <Select
          id="preference"
          label={t('preference.label')}
          help={t('preference.help')}
          none={t('preference.none')}
          value={choice.preference}
          options={preferences.map(({ id, name }) => ({ id, text: name }))}
          onChoose={(preference) => onChoice({ preference })}
        />
      )}
    </>
  );
}

export function StorageField({ choice, offer: { storageClasses }, onChoice }: OfferProps) {
  const { t } = useTranslation('clusterCreate');
  const usual = storageClasses.find(({ isDefault }) => isDefault);
  return (
    <>
      {choice.source === 'container' && <Content component="p">{t('containerDisk')}</Content>}
      {storageClasses.length > 0 && (
        <Select
          id="storage-class"
          label={t('storage.label')}
          none={usual === undefined ? t('storage.default') : t('storage.defaultNamed', { name: usual.name })}
          value={choice.storageClass}
          options={storageClasses.map(({ name }) => ({ id: name, text: name }))}
          onChoose={(storageClass) => onChoice({ storageClass })}
        />
      )}
    </>
  );
}

interface SelectProps {
  readonly id: string;
  readonly label: string;
  readonly help?: string;
  /** What it means to choose none of them. */
  readonly none: string;
  readonly value: string;
  readonly options: readonly { readonly id: string; readonly text: string }[];
  readonly onChoose: (id: string) => void;
}

function Select({ id, label, help, none, value, options, onChoose }: SelectProps) {
  return (
    <Field id={id} label={label} problems={[]} field={id} help={help}>
      <FormSelect id={id} value={value} aria-describedby={notesId(id)} onChange={(_event, chosen) => onChoose(chosen)}>
        <FormSelectOption value="" label={none} />
        {options.map((option) => (
          <FormSelectOption key={option.id} value={option.id} label={option.text} />
        ))}
      </FormSelect>
    </Field>
  );
}
