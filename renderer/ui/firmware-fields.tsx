// Owns choosing a firmware, and with UEFI the state of Secure Boot.
// Must not know what the choice is written into.
import { FormGroup, FormHelperText, HelperText, HelperTextItem, Radio } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { FirmwareState } from '../../electron/api/firmware-state.ts';

export type UefiState = Exclude<FirmwareState, 'bios'>;

export interface FirmwareFieldsProps {
  /** Begins the ids of the fields. */
  readonly id: string;
  readonly state: FirmwareState;
  /** Of UEFI; absent: every one. */
  readonly states?: readonly UefiState[];
  readonly onChange: (state: FirmwareState) => void;
}

const ofUefi: readonly UefiState[] = ['uefi', 'secure-boot', 'setup-mode'];

export function FirmwareFields({ id, state, states = ofUefi, onChange }: FirmwareFieldsProps) {
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
          {states.map((each) => (
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
