// Owns one line of text in a form, with its help or what is wrong with it.
// Must not check the text.
import { FormGroup, FormHelperText, HelperText, HelperTextItem, TextInput } from '@patternfly/react-core';

export interface TextFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isRequired?: boolean;
  readonly placeholder?: string;
  readonly autoComplete?: string;
  readonly help?: string;
  readonly problem?: string | undefined;
}

export function TextField({ id, label, value, onChange, isRequired = false, placeholder, autoComplete, help, problem }: TextFieldProps) {
  // An empty field of a fresh form is not scolded.
  const shown = value === '' ? undefined : problem;
  const note = shown ?? help;
  return (
    <FormGroup label={label} fieldId={id} isRequired={isRequired}>
      <TextInput
        id={id}
        value={value}
        isRequired={isRequired}
        placeholder={placeholder}
        autoComplete={autoComplete}
        spellCheck={false}
        validated={shown === undefined ? 'default' : 'error'}
        aria-describedby={`${id}-note`}
        onChange={(_event, text) => onChange(text.trim())}
      />
      <FormHelperText>
        <HelperText id={`${id}-note`} isLiveRegion>
          {note !== undefined && <HelperTextItem variant={shown === undefined ? 'default' : 'error'}>{note}</HelperTextItem>}
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}
