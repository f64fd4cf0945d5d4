// Owns choosing a disk that is there already.
// Must not say whether it is in use; the start check does.
import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { PersistentVolumeClaim } from '../../../electron/api/kinds/persistent-volume-claim.ts';
import { bytesOf } from '../../../electron/api/quantity.ts';
import { bytesText } from '../../ui/size-text.ts';
import { Field, notesId, stateOf } from './field.tsx';
import type { StepProps } from './step-props.ts';

export function ClaimField({ form, change, problems, claims }: StepProps & { readonly claims: readonly PersistentVolumeClaim[] }) {
  const { t, i18n } = useTranslation('create');
  const sizeOf = ({ status, spec }: PersistentVolumeClaim): string => {
    const bytes = bytesOf(status?.capacity?.['storage'] ?? spec.resources?.requests?.['storage']);
    return bytes === undefined ? '' : ` · ${bytesText(bytes, i18n.language)}`;
  };
  return (
    <Field
      id="system-claim"
      label={t('system.claim.disk')}
      problems={problems}
      field="claim"
      isRequired
      help={claims.length === 0 ? t('system.claim.none') : undefined}
    >
      <FormSelect
        id="system-claim"
        value={form.system.claim}
        validated={stateOf(problems, 'claim')}
        aria-describedby={notesId('system-claim')}
        isDisabled={claims.length === 0}
        onChange={(_event, claim) => change({ section: 'system', to: { claim } })}
      >
        <FormSelectOption value="" label={t('system.claim.choose')} isPlaceholder />
        {claims.map((claim) => (
          <FormSelectOption key={claim.metadata.uid} value={claim.metadata.name} label={`${claim.metadata.name}${sizeOf(claim)}`} />
        ))}
      </FormSelect>
    </Field>
  );
}
