// Owns the rules of the annotations by which a machine says what KubeVirt has no field for: failure actions, start order, boot menu.
// Must not hold the rules of port forwards; they have a file of their own.
import { annotations } from '../../../api/annotations.ts';
import type { Cause } from '../../../api/errors.ts';
import { discardModes } from '../../../api/discard-changes.ts';
import { panicActions, watchdogActions } from '../../../api/failure-actions.ts';
import { invalid, notSupported } from '../rule.ts';

interface AnnotationRule {
  readonly name: string;
  readonly check: (value: string, field: string) => Cause | undefined;
}

const oneOf =
  (what: string, known: readonly string[]): AnnotationRule['check'] =>
  (value, field) =>
    known.includes(value) ? undefined : notSupported(field, `${what} '${value}' is not supported`, `Use one of ${known.join(', ')}.`);

// A day: whoever means longer means something else.
const longestDelaySeconds = 86_400;
// QEMU hands the firmware 16 bits of milliseconds.
const longestMenuSeconds = 60;

const isWholeNumber = (value: string, min: number, max: number): boolean =>
  /^\d{1,6}$/.test(value) && Number(value) >= min && Number(value) <= max;

const seconds =
  (min: number, max: number): AnnotationRule['check'] =>
  (value, field) =>
    isWholeNumber(value, min, max)
      ? undefined
      : invalid(field, `'${value}' is no whole number of seconds from ${min} to ${max}`, 'Use a number such as 10.');

const places =
  (min: number, max: number): AnnotationRule['check'] =>
  (value, field) =>
    isWholeNumber(value, min, max)
      ? undefined
      : invalid(field, `'${value}' is no whole number of places from ${min} to ${max}`, 'Use a number such as 10.');

const rules: readonly AnnotationRule[] = [
  { name: annotations.watchdogAction, check: oneOf('watchdog action', watchdogActions) },
  { name: annotations.panicAction, check: oneOf('panic action', panicActions) },
  { name: annotations.discardChanges, check: oneOf('discarding', discardModes) },
  { name: annotations.bootMenu, check: seconds(1, longestMenuSeconds) },
  { name: annotations.startOrder, check: places(0, 9999) },
  { name: annotations.startDelay, check: seconds(0, longestDelaySeconds) },
];

/** `path` is where the metadata stands. */
export function ownAnnotationCauses(said: Readonly<Record<string, string>>, path: string): Cause[] {
  return rules.flatMap(({ name, check }) => {
    const value = said[name];
    return value === undefined ? [] : (check(value, `${path}.annotations[${name}]`) ?? []);
  });
}
