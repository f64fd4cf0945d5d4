// Owns the grammar of topologySpreadConstraints.
// Must not spread anything.
import type { Cause } from '../../../api/errors.ts';
import type { SpecRule } from '../machine/spec-rule.ts';
import { fieldError, labelKeyCauses, labelSelectorCauses } from './label-selector.ts';

const actions: readonly string[] = ['DoNotSchedule', 'ScheduleAnyway'];

export const topologySpread: SpecRule = ({ topologySpreadConstraints: constraints = [] }, path) =>
  constraints.flatMap(({ maxSkew, topologyKey, whenUnsatisfiable, labelSelector }, index): Cause[] => {
    const field = `${path}.topologySpreadConstraints[${index}]`;
    const twin = constraints.findIndex((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable);
    const unsatisfiable: string = whenUnsatisfiable;
    return [
      ...(maxSkew > 0 ? [] : [fieldError(`${field}.maxSkew`, `Invalid value: ${maxSkew}: must be greater than zero`)]),
      // An empty key is told once: Kubernetes says nothing more of it here.
      ...(topologyKey === ''
        ? [fieldError(`${field}.topologyKey`, 'Required value: can not be empty')]
        : labelKeyCauses(topologyKey, `${field}.topologyKey`)),
      ...(actions.includes(unsatisfiable)
        ? []
        : [
            fieldError(
              `${field}.whenUnsatisfiable`,
              `Unsupported value: ${JSON.stringify(unsatisfiable)}: supported values: "DoNotSchedule", "ScheduleAnyway"`,
            ),
          ]),
      ...(twin < index
        ? [fieldError(`${field}.{topologyKey, whenUnsatisfiable}`, `Duplicate value: "{${topologyKey}, ${unsatisfiable}}"`)]
        : []),
      ...(labelSelector === undefined ? [] : labelSelectorCauses(labelSelector, `${field}.labelSelector`)),
    ];
  });
