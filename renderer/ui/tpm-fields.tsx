// Owns choosing a TPM.
// Must not know what the choice is written into.
import { FormGroup, Radio } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { type TpmChoice, tpmChoices } from './tpm-choice.ts';

export interface TpmFieldsProps {
  /** Begins the ids of the fields. */
  readonly id: string;
  readonly choice: TpmChoice;
  readonly onChange: (choice: TpmChoice) => void;
}

export function TpmFields({ id, choice, onChange }: TpmFieldsProps) {
  const { t } = useTranslation('firmware');
  return (
    <FormGroup role="radiogroup" isStack fieldId={id} label={t('tpm.label')}>
      {tpmChoices.map((each) => (
        <Radio
          key={each}
          id={`${id}-${each}`}
          name={id}
          label={t(`tpm.choice.${each}`)}
          description={t(`tpm.note.${each}`)}
          isChecked={choice === each}
          onChange={() => onChange(each)}
        />
      ))}
    </FormGroup>
  );
}
