// Owns choosing a firmware, and with UEFI the state of Secure Boot.
// Must not know what the choice is written into.
import { FormGroup, FormHelperText, HelperText, HelperTextItem, Radio } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { FirmwareState } from '../../electron/api/firmware-state.ts';

export interface FirmwareFieldsProps {
  /** Begins the ids of the fields. */
  readonly id: string;
  readonly state: FirmwareState;
  readonly onChange: (state: FirmwareState) => void;
}

export function FirmwareFields({ id, state, onChange }: FirmwareFieldsProps) {
  const { t } = useTranslation('firmware');
  return (
    <>
      <FormGroup role="radiogroup" isStack fieldId={`${id}-kind`} label={t('label')}>
        {(['bios', 'uefi'] as const).map((kind) => (
          <Radio
            key={kind}
            id={`${id}-kind-${kind}`}
            name={`${id}-kind`}
            label={t(`kind.${kind}`)}
            description={t(`kindNote.${kind}`)}
            isChecked={(state === 'bios') === (kind === 'bios')}
            onChange={() => onChange(kind)}
          />
        ))}
      </FormGroup>
      {state !== 'bios' && (
        <FormGroup role="radiogroup" isStack fieldId={`${id}-state`} label={t('secureBoot')}>
          {(['uefi', 'secure-boot', 'setup-mode'] as const).map((each) => (
            <Radio
              key={each}
              id={`${id}-state-${each}`}
              name={`${id}-state`}
              label={t(`state.${each}`)}
              description={t(`stateNote.${each}`)}
              isChecked={state === each}
              onChange={() => onChange(each)}
            />
          ))}
          <FormHelperText>
            <HelperText>
              <HelperTextItem>{t('ownVariables')}</HelperTextItem>
            </HelperText>
          </FormHelperText>
        </FormGroup>
      )}
    </>
  );
}
