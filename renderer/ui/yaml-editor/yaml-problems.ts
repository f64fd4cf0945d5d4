// Owns what is marked in the text: syntax errors, and the causes of a refusal at the field they name.
// Must not ask the server.
import { parseAllDocuments } from 'yaml';
import { rangeOfField } from './field-path.ts';

/** A cause of the API; `document` counts from 0 in a stream of several. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
  readonly fix?: string;
  readonly document?: number;
  readonly severity?: 'error' | 'warning';
}

export interface Mark {
  readonly from: number;
  readonly to: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** The parser's own words, without its picture of the line. */
export function syntaxMarks(text: string): readonly Mark[] {
  const parsed = parseAllDocuments(text, { prettyErrors: false, logLevel: 'silent' });
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap(({ errors, warnings }) => [
    ...errors.map(({ pos, message }) => mark(text, pos, { severity: 'error', message })),
    ...warnings.map(({ pos, message }) => mark(text, pos, { severity: 'warning', message })),
  ]);
}

export function problemMarks(text: string, problems: readonly FieldProblem[]): readonly Mark[] {
  return problems.map(({ field, message, fix, document = 0, severity = 'error' }) => {
    const { from, to, exact } = rangeOfField(text, field, document);
    const sentence = fix === undefined ? message : `${message} ${fix}`;
    return mark(text, [from, to], { severity, message: exact || field === '' ? sentence : `${field}: ${sentence}` });
  });
}

/** CodeMirror refuses a mark beyond the text, and shows nothing for an empty one. */
function mark(text: string, [from, to]: readonly [number, number], more: Pick<Mark, 'severity' | 'message'>): Mark {
  const end = Math.min(Math.max(to, from + 1), text.length);
  return { from: Math.min(from, Math.max(0, end - 1)), to: end, ...more };
}
