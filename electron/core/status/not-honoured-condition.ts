// Owns how it is told that fields have no effect here: one condition that names each of them.
// Must not find them; core/validate does.
import type { Cause } from '../../api/errors.ts';
import type { NewCondition } from './conditions.ts';

/** None when there is nothing to tell. */
export function notHonouredCondition(causes: readonly Cause[]): NewCondition[] {
  if (causes.length === 0) return [];
  const message = causes.map((cause) => `${cause.field}: ${cause.message}`).join('\n');
  return [{ type: 'NotHonoured', status: 'True', reason: 'NotOnThisComputer', message }];
}
