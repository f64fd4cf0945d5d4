// Owns choosing one of a few by name, as a field.
// Must not know what they are.
import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { Field, type FieldProps, notesId, stateOf } from './field.tsx';

export interface SelectFieldProps<Value extends string> extends Omit<FieldProps, 'children' | 'role'> {
  readonly value: Value | '';
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  /** Shown while nothing is chosen; absent where something always is. */
  readonly placeholder?: string;
  readonly onChange: (value: Value) => void;
}

export function SelectField<Value extends string>({ value, options, placeholder, onChange, ...field }: SelectFieldProps<Value>) {
  const { id, problems } = field;
  return (
    <Field {...field}>
      <FormSelect
        id={id}
        value={value}
        validated={stateOf(problems, field.field)}
        aria-describedby={notesId(id)}
        isDisabled={options.length === 0}
        onChange={(_event, chosen) => onChange(chosen as Value)}
      >
        {placeholder !== undefined && <FormSelectOption value="" label={placeholder} isPlaceholder />}
        {options.map((option) => (
          <FormSelectOption key={option.value} value={option.value} label={option.label} />
        ))}
      </FormSelect>
    </Field>
  );
}
