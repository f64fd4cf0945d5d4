// Owns a field for a whole number that may be empty while it is typed.
// Must not clamp: a number that is wrong is shown with its reason.
import { NumberInput, TextInput } from '@patternfly/react-core';

export interface WholeNumberInputProps {
  readonly id: string;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly unit?: string;
  readonly label: string;
  readonly minusLabel: string;
  readonly plusLabel: string;
  readonly validated?: 'default' | 'error' | 'warning';
}

export function WholeNumberInput(props: WholeNumberInputProps) {
  const { id, value, onChange, min, max, step = 1, unit, label, minusLabel, plusLabel, validated } = props;
  const shift = (by: number): void => onChange(Math.min(max, Math.max(min, (value ?? 0) + by)));
  return (
    <NumberInput
      // null would make PatternFly show 0.
      value={value ?? Number.NaN}
      min={min}
      max={max}
      unit={unit}
      widthChars={8}
      validated={validated}
      inputProps={{ id, value: value ?? '' }}
      inputAriaLabel={label}
      minusBtnAriaLabel={minusLabel}
      plusBtnAriaLabel={plusLabel}
      onMinus={() => shift(-step)}
      onPlus={() => shift(step)}
      onChange={(event) => onChange(wholeNumber(event.currentTarget.value))}
    />
  );
}

/** A port in a row of a table: too narrow for plus and minus. */
export function PlainNumberInput({
  id,
  value,
  onChange,
  label,
  validated,
}: Pick<WholeNumberInputProps, 'id' | 'value' | 'onChange' | 'label' | 'validated'>) {
  return (
    <TextInput
      id={id}
      inputMode="numeric"
      value={value ?? ''}
      aria-label={label}
      validated={validated}
      onChange={(_event, text) => onChange(wholeNumber(text))}
    />
  );
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
}
