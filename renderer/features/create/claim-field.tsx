// Owns choosing a disk that is there already.
// Must not say whether it is in use; the start check does.
import { useTranslation } from 'react-i18next';
import type { PersistentVolumeClaim } from '../../../electron/api/kinds/persistent-volume-claim.ts';
import { bytesOf } from '../../../electron/api/quantity.ts';
import { bytesText } from '../../ui/size-text.ts';
import { SelectField } from './select-field.tsx';
import type { StepProps } from './step-props.ts';

export function ClaimField({ form, change, problems, claims }: StepProps & { readonly claims: readonly PersistentVolumeClaim[] }) {
  const { t, i18n } = useTranslation('create');
  const sizeOf = ({ status, spec }: PersistentVolumeClaim): string => {
    const bytes = bytesOf(status?.capacity?.['storage'] ?? spec.resources?.requests?.['storage']);
    return bytes === undefined ? '' : ` · ${bytesText(bytes, i18n.language)}`;
  };
  return (
    <SelectField
      id="system-claim"
      label={t('system.claim.disk')}
      problems={problems}
      field="claim"
      isRequired
      help={claims.length === 0 ? t('system.claim.none') : undefined}
      value={form.system.claim}
      options={claims.map((claim) => ({ value: claim.metadata.name, label: `${claim.metadata.name}${sizeOf(claim)}` }))}
      placeholder={t('system.claim.choose')}
      onChange={(claim) => change({ section: 'system', to: { claim } })}
    />
  );
}
