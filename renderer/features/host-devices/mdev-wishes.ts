// Owns HyperConverged.spec.mediatedDevicesConfiguration while it is changed type by type, and what there is of each type.
// Must not judge; the core says why something is not made or not removed.
import type { HostDeviceReport, MdevDevice, MdevParent, MdevType } from '../../../electron/api/host-devices.ts';
import type { JsonPatchOperation } from '../../../electron/api/json-patch.ts';
import type { MediatedDevicesConfiguration } from '../../../electron/api/kinds/hyper-converged.ts';
import { isMdevType, type NamedType } from '../../../electron/api/mdev-type.ts';
import type { JsonObject } from '../../../electron/api/object.ts';

function wishesOf({ mediatedDeviceTypes, mediatedDevicesTypes = [] }: MediatedDevicesConfiguration = {}): readonly string[] {
  return mediatedDeviceTypes ?? mediatedDevicesTypes;
}

export function isWished(configuration: MediatedDevicesConfiguration | undefined, type: NamedType): boolean {
  return wishesOf(configuration).some((wish) => isMdevType(type, wish));
}

/** Refused by the core when the configuration is not the one that was seen. */
export function wishPatch(
  configuration: MediatedDevicesConfiguration | undefined,
  type: NamedType,
  isWanted: boolean,
): readonly JsonPatchOperation[] {
  const path = '/spec/mediatedDevicesConfiguration';
  const { mediatedDevicesTypes: _older, mediatedDeviceTypes: _types, ...rest } = configuration ?? {};
  const others = wishesOf(configuration).filter((wish) => !isMdevType(type, wish));
  const wishes = isWanted ? [...others, type.id] : others;
  const isNothing = wishes.length === 0 && Object.keys(rest).length === 0;
  const next = { ...rest, ...(wishes.length === 0 ? {} : { mediatedDeviceTypes: wishes }) } as unknown as JsonObject;
  return [
    ...(configuration === undefined ? [] : [{ op: 'test', path, value: configuration as unknown as JsonObject } as const]),
    ...(isNothing ? (configuration === undefined ? [] : [{ op: 'remove', path } as const]) : [{ op: 'add', path, value: next } as const]),
  ];
}

export interface MadeDevice extends MdevDevice {
  /** `namespace/name` of the machine that has it. */
  readonly usedBy?: string;
}

export function madeOf(report: Pick<HostDeviceReport, 'mdevs' | 'resources'>, parent: MdevParent, type: MdevType): readonly MadeDevice[] {
  const users = new Map(report.resources.flatMap(({ devices }) => devices.map(({ address, usedBy }) => [address, usedBy] as const)));
  return report.mdevs
    .filter((mdev) => mdev.parent === parent.name && mdev.typeId === type.id)
    .map((mdev) => {
      const usedBy = users.get(mdev.uuid);
      return usedBy === undefined ? mdev : { ...mdev, usedBy };
    });
}
