// Owns names that are the same in every test run.
// Must not be random.
import type { Ids } from '../../electron/engine/ports.ts';

/** uuid() gives 00000000-0000-4000-8000-000000000001 and so on; suffix() gives aaaab, aaaac and so on. */
export function countingIds(): Ids {
  let uuids = 0;
  let suffixes = 0;
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  return {
    uuid() {
      uuids += 1;
      return `00000000-0000-4000-8000-${uuids.toString(16).padStart(12, '0')}`;
    },
    suffix() {
      suffixes += 1;
      let text = '';
      for (let rest = suffixes; text.length < 5; rest = Math.floor(rest / alphabet.length)) text = alphabet[rest % alphabet.length] + text;
      return text;
    },
  };
}
