// Owns turning quantities that a manifest wrote as numbers into text, as Kubernetes' decoder does.
// Must not change text: `1024Mi` stays as its author wrote it.
import type { VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';
import { formatQuantity, parseQuantity } from '../../api/quantity.ts';

type QuantityMap = { [name: string]: string };

/** `2.5` becomes `2500m`. */
export function quantityText(value: string | number): string {
  if (typeof value === 'string') return value;
  const parsed = parseQuantity(value);
  return parsed.ok ? formatQuantity(parsed.quantity) : String(value);
}

export function quantityTexts(map: QuantityMap): QuantityMap {
  const changed = Object.values<string | number>(map).some((value) => typeof value === 'number');
  return changed ? Object.fromEntries(Object.entries(map).map(([name, value]) => [name, quantityText(value)])) : map;
}

/** Every quantity of a machine. */
export function quantitiesAsText(spec: VirtualMachineInstanceSpec): VirtualMachineInstanceSpec {
  const { resources, memory } = spec.domain;
  return {
    ...spec,
    domain: {
      ...spec.domain,
      ...(resources === undefined
        ? {}
        : {
            resources: {
              ...resources,
              ...(resources.requests === undefined ? {} : { requests: quantityTexts(resources.requests) }),
              ...(resources.limits === undefined ? {} : { limits: quantityTexts(resources.limits) }),
            },
          }),
      ...(memory === undefined
        ? {}
        : {
            memory: {
              ...memory,
              ...(memory.guest === undefined ? {} : { guest: quantityText(memory.guest) }),
              ...(memory.maxGuest === undefined ? {} : { maxGuest: quantityText(memory.maxGuest) }),
            },
          }),
    },
    ...(spec.volumes === undefined ? {} : { volumes: spec.volumes.map(volumeQuantities) }),
  };
}

function volumeQuantities(volume: NonNullable<VirtualMachineInstanceSpec['volumes']>[number]): typeof volume {
  const { emptyDisk, hostDisk } = volume;
  return {
    ...volume,
    ...(emptyDisk?.capacity === undefined ? {} : { emptyDisk: { ...emptyDisk, capacity: quantityText(emptyDisk.capacity) } }),
    ...(hostDisk?.capacity === undefined ? {} : { hostDisk: { ...hostDisk, capacity: quantityText(hostDisk.capacity) } }),
  };
}
