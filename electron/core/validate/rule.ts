// Owns the shape of a rule and the words in which a rule says no.
// Must not hold any rule.
import type { Cause } from '../../api/errors.ts';

/** One concern. Says everything that is wrong with `subject`, never only the first; `path` is where the subject stands in the object. */
export type Rule<Subject> = (subject: Subject, path: string) => readonly Cause[];

/** Kubernetes' cause types. */
export type CauseReason =
  'FieldValueInvalid' | 'FieldValueRequired' | 'FieldValueDuplicate' | 'FieldValueNotSupported' | 'FieldValueNotFound';

export function cause(reason: CauseReason, field: string, { message, fix }: { readonly message: string; readonly fix?: string }): Cause {
  return { reason, field, message, ...(fix === undefined ? {} : { fix }) };
}

export function invalid(field: string, message: string, fix?: string): Cause {
  return cause('FieldValueInvalid', field, { message, ...(fix === undefined ? {} : { fix }) });
}

export function required(field: string, message: string, fix?: string): Cause {
  return cause('FieldValueRequired', field, { message, ...(fix === undefined ? {} : { fix }) });
}

export function duplicate(field: string, message: string, fix?: string): Cause {
  return cause('FieldValueDuplicate', field, { message, ...(fix === undefined ? {} : { fix }) });
}

export function notSupported(field: string, message: string, fix?: string): Cause {
  return cause('FieldValueNotSupported', field, { message, ...(fix === undefined ? {} : { fix }) });
}

export function causesOf<Subject>(rules: readonly Rule<Subject>[], subject: Subject, path: string): readonly Cause[] {
  return rules.flatMap((rule) => rule(subject, path));
}
