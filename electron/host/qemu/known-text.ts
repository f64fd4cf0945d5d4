// Owns looking a text of QEMU up in a list of those that we know.
// Must not hold any; early-exit.ts and vfio-texts.ts do.
import type { Cause } from '../../api/errors.ts';

export interface KnownText {
  readonly reason: string;
  readonly pattern: RegExp;
  readonly message: (match: RegExpExecArray) => string;
  readonly fix: string;
}

/** Of the first row that matches; the field is for who knows it. */
export function knownCause(rows: readonly KnownText[], text: string): Omit<Cause, 'field'> | undefined {
  for (const { reason, pattern, message, fix } of rows) {
    const match = pattern.exec(text);
    if (match !== null) return { reason, message: message(match), fix };
  }
  return undefined;
}
