// Owns the rules of HyperConverged.spec.mediatedDevicesConfiguration.
// Must not look at this computer: what makes a type may be plugged in, or its driver loaded, later.
import type { Cause } from '../../api/errors.ts';
import type { HyperConvergedSpec, MediatedTypes } from '../../api/kinds/hyper-converged.ts';
import { type Rule, duplicate, invalid } from './rule.ts';

export const mediatedDevices: Rule<{ readonly spec: HyperConvergedSpec }> = ({ spec }, path) => {
  const { mediatedDevicesConfiguration: configuration } = spec;
  if (configuration === undefined) return [];
  const at = `${path}.mediatedDevicesConfiguration`;
  return [
    ...typeFaults(configuration, at),
    ...(configuration.nodeMediatedDeviceTypes ?? []).flatMap((list, index) => typeFaults(list, `${at}.nodeMediatedDeviceTypes[${index}]`)),
  ];
};

function typeFaults({ mediatedDeviceTypes, mediatedDevicesTypes }: MediatedTypes, at: string): readonly Cause[] {
  const both = mediatedDeviceTypes !== undefined && mediatedDevicesTypes !== undefined;
  return [
    ...(both && JSON.stringify(mediatedDeviceTypes) !== JSON.stringify(mediatedDevicesTypes)
      ? [
          invalid(
            `${at}.mediatedDevicesTypes`,
            'mediatedDevicesTypes is the older name of mediatedDeviceTypes, and says otherwise.',
            'Keep mediatedDeviceTypes.',
          ),
        ]
      : []),
    ...Object.entries({ mediatedDeviceTypes, mediatedDevicesTypes }).flatMap(([list, types = []]) =>
      types.flatMap((type, index) => {
        const field = `${at}.${list}[${index}]`;
        if (type.trim() === '' || type.includes('/')) {
          return [
            invalid(field, `${JSON.stringify(type)} is no type of mediated devices.`, 'Write its id or its name: nvidia-222, GRID T4-1B.'),
          ];
        }
        return types.indexOf(type) === index ? [] : [duplicate(field, `${type} stands twice.`, 'Keep one of them.')];
      }),
    ),
  ];
}
