// Owns the sentence of the start check that tells of an administrator's password.
// Must not decide whether one is needed.
import type { Cause } from '../../../api/errors.ts';
import { type PrivilegedRequest, privilegedWords } from '../../../api/privileged.ts';

export function asksPassword(request: PrivilegedRequest, field: string): Cause {
  return { reason: 'AsksPassword', field, message: `The start asks for an administrator's password, to ${privilegedWords(request)}.` };
}
