// Owns which rules hold for which kind.
// Must not stop at the first cause.
import type { Cause } from '../../api/errors.ts';
import type { DraftObject, ResourceId } from '../../api/object.ts';

/** Every reason why the object may not be stored; empty when it may. `old` is the stored object of an update. Objects must have passed the decoder. */
export function validate(_resource: ResourceId, _object: DraftObject, _old?: DraftObject): Cause[] {
  return [];
}
