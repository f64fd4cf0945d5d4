// Owns what is offered for devices of this computer that a machine cannot have, and for memory that they lock.
// Must not allow any device to machines; that is a page of its own.
import type { FixAction } from '../../../api/fix-actions.ts';
import { type Asked, type FixRow, added, change, removed, stillNamed } from './fix-row.ts';

const reasons = [
  'HostDeviceMissing',
  'HostDeviceInUse',
  'HostDeviceShort',
  'HostDeviceNotPermitted',
  'HostDeviceElsewhere',
  // Of this computer: see core/devices/permitted.ts.
  'NoIommu',
  'NoInterruptRemapping',
  'NotBound',
  'GroupNotViable',
  'NoAccess',
];

export const deviceFixes: readonly FixRow[] = [
  { reason: reasons, field: /^spec\.domain\.devices\.(gpus|hostDevices)\[\d+\]/, offer: takeOut },
  {
    reason: 'OvercommitWithHostDevices',
    field: /^spec\.domain\.resources\.requests\.memory$/,
    offer: ({ vmi }) => {
      const guest = vmi.spec.domain.memory?.guest;
      return guest === undefined ? [] : [change('Ask for all of its memory', added('/spec/domain/resources/requests/memory', guest))];
    },
  },
];

function takeOut({ vmi, cause, indexes: [index = 0] }: Asked): readonly FixAction[] {
  const list = cause.field.startsWith('spec.domain.devices.gpus') ? 'gpus' : 'hostDevices';
  const name = vmi.spec.domain.devices[list]?.[index]?.name;
  const path = `/spec/domain/devices/${list}/${index}`;
  return name === undefined ? [] : [change(`Take the device ${name} out`, stillNamed(path, name), removed(path))];
}
