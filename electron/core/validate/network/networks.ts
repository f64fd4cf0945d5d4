// Owns the rules of networks, and that networks and cards belong together.
// Must not look for bridges; the start check does.
import type { Cause } from '../../../api/errors.ts';
import { duplicate, invalid, required } from '../rule.ts';
import type { SpecRule } from '../machine/spec-rule.ts';

const sources: SpecRule = (spec, path) =>
  (spec.networks ?? []).flatMap(({ pod, multus }, index): Cause[] => {
    const field = `${path}.networks[${index}]`;
    if (pod !== undefined && multus !== undefined) return [required(field, 'should have only one network type', 'Keep pod or multus.')];
    if (pod === undefined && multus === undefined) return [required(field, 'should have a network type', 'Add pod: {}.')];
    if (multus?.networkName === '') return [required(field, 'CNI delegating plugin must have a networkName', 'Name the network.')];
    return [];
  });

const uniqueNames: SpecRule = (spec, path) => {
  const networks = spec.networks ?? [];
  return networks.flatMap(({ name }, index) =>
    networks.findIndex((other) => other.name === name) < index
      ? [
          duplicate(
            `${path}.networks[${index}].name`,
            `Network with name "${name}" already exists, every network must have a unique name`,
            'Rename one.',
          ),
        ]
      : [],
  );
};

const oneDefault: SpecRule = (spec, path) => {
  const networks = spec.networks ?? [];
  const defaults = networks.filter(isMultusDefault).length;
  const pods = networks.filter(({ pod }) => pod !== undefined).length;
  return [
    ...(defaults > 1 ? [invalid(`${path}.networks`, 'Multus CNI should only have one default network', 'Keep one default.')] : []),
    ...(defaults > 0 && pods > 0
      ? [invalid(`${path}.networks`, 'Pod network cannot be defined when Multus default network is defined', 'Keep one of them.')]
      : []),
    ...(pods > 1
      ? [
          duplicate(
            `${path}.domain.devices.interfaces`,
            `more than one interface is connected to a pod network in ${path}.domain.devices.interfaces`,
            'Keep one pod network.',
          ),
        ]
      : []),
  ];
};

/** The published types call the field `_default`, since `default` is a word of TypeScript; in JSON it is `default`. */
export function isMultusDefault({ multus }: { readonly multus?: object }): boolean {
  const { default: isDefault }: { readonly default?: unknown } = { ...multus };
  return isDefault === true;
}

const networkForEveryCard: SpecRule = (spec, path) => {
  const cards = spec.domain.devices.interfaces ?? [];
  const names = new Set((spec.networks ?? []).map(({ name }) => name));
  return cards.flatMap(({ name }, index): Cause[] => {
    const field = `${path}.domain.devices.interfaces[${index}].name`;
    if (!names.has(name)) return [invalid(field, `${field} '${name}' not found.`, `Add a network named ${name}.`)];
    if (cards.findIndex((other) => other.name === name) === index) return [];
    return [duplicate(field, 'Only one interface can be connected to one specific network', 'Give the card a network of its own.')];
  });
};

const cardForEveryNetwork: SpecRule = (spec, path) => {
  const names = new Set((spec.domain.devices.interfaces ?? []).map(({ name }) => name));
  return (spec.networks ?? []).flatMap(({ name }, index) => {
    const field = `${path}.networks[${index}].name`;
    return names.has(name) ? [] : [required(field, `${field} '${name}' not found.`, `Add an interface named ${name}.`)];
  });
};

export const networkRules: readonly SpecRule[] = [sources, uniqueNames, oneDefault, networkForEveryCard, cardForEveryNetwork];
