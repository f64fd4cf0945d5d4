// Owns applying both to a machine: the instance type first, then the preference.
// Must not be asked for a machine that stands against its instance type: `applyCauses` says so before.
import type { Cause } from '../../api/errors.ts';
import { type Applicable, type Choice, isEmptyChoice } from './choice.ts';
import { clashes, withInstancetype } from './instancetype.ts';
import { withPreference } from './preference.ts';
import { spreadCauses } from './topology.ts';

/** `path` is where the machine's spec stands: `spec.template.spec`. */
export function applyCauses(machine: Applicable, choice: Choice, path: string): readonly Cause[] {
  const { instancetype } = choice;
  return [...spreadCauses(choice), ...(instancetype === undefined ? [] : clashes(machine, instancetype, path))];
}

export function applied(machine: Applicable, choice: Choice): Applicable {
  return isEmptyChoice(choice) ? machine : withPreference(withInstancetype(machine, choice), choice.preference);
}
