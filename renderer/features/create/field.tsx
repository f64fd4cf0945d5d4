// Owns a form field with its help and what is wrong with it.
// Must not judge; problems come from validation.ts.
import { FormGroup, FormHelperText, HelperText, HelperTextItem } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useProblemText } from './use-problem-text.ts';
import type { Problem } from './validation.ts';

export interface FieldProps {
  readonly id: string;
  readonly label: string;
  /** Of the whole step; those of this field are picked. */
  readonly problems: readonly Problem[];
  /** Name of the field in the problems. */
  readonly field: string;
  readonly help?: ReactNode;
  readonly isRequired?: boolean;
  readonly role?: 'group' | 'radiogroup';
  readonly children: ReactNode;
}

export function Field({ id, label, problems, field, help, isRequired, role, children }: FieldProps) {
  return (
    <FormGroup fieldId={id} label={label} isRequired={isRequired} role={role} isStack={role !== undefined}>
      {children}
      <FieldNotes id={id} problems={problems} field={field} help={help} />
    </FormGroup>
  );
}

/** `validated` of a PatternFly input. */
export function stateOf(problems: readonly Problem[], field: string): 'default' | 'error' | 'warning' {
  return problems.find((problem) => problem.field === field)?.severity ?? 'default';
}

export function notesId(id: string): string {
  return `${id}-notes`;
}

export function FieldNotes({ id, problems, field, help }: Pick<FieldProps, 'id' | 'problems' | 'field' | 'help'>) {
  const text = useProblemText();
  const own = problems.filter((problem) => problem.field === field);
  if (own.length === 0 && help === undefined) return null;
  return (
    <FormHelperText>
      <HelperText id={notesId(id)} isLiveRegion>
        {own.map((problem) => (
          <HelperTextItem key={problem.code} variant={problem.severity}>
            {text(problem)}
          </HelperTextItem>
        ))}
        {help !== undefined && <HelperTextItem>{help}</HelperTextItem>}
      </HelperText>
    </FormHelperText>
  );
}
