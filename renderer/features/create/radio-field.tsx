// Owns choosing one of a few that need a sentence each, as a field.
// Must not know what they are.
import { Radio } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { Field, type FieldProps } from './field.tsx';

export interface RadioFieldProps<Value extends string> extends Omit<FieldProps, 'children' | 'role'> {
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string; readonly description?: string }[];
  readonly onChange: (value: Value) => void;
  /** Said of all of them. */
  readonly children?: ReactNode;
}

export function RadioField<Value extends string>({ value, options, onChange, children, ...field }: RadioFieldProps<Value>) {
  const { id } = field;
  return (
    <Field {...field} role="radiogroup">
      {options.map((option) => (
        <Radio
          key={option.value}
          id={`${id}-${option.value}`}
          name={id}
          label={option.label}
          description={option.description}
          isChecked={value === option.value}
          onChange={() => onChange(option.value)}
        />
      ))}
      {children}
    </Field>
  );
}
