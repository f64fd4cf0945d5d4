// Owns the boot order: disks and network cards share one row of numbers.
// Must not decide what boots when no number is given.
import type { Cause } from '../../../api/errors.ts';
import { invalid } from '../rule.ts';
import type { SpecRule } from './spec-rule.ts';

export const bootOrder: SpecRule = (spec, path) => {
  const { disks = [], interfaces = [] } = spec.domain.devices;
  const devices = [...numbered(disks, `${path}.domain.devices.disks`), ...numbered(interfaces, `${path}.domain.devices.interfaces`)];
  const taken = new Set<number>();
  return devices.flatMap(({ order, field }): Cause[] => {
    if (order === undefined) return [];
    if (order < 1) return [invalid(`${field}.bootOrder`, `${field} must have a boot order > 0, if supplied`, 'Number the devices from 1.')];
    if (taken.has(order)) {
      const message = `Boot order for ${field}.bootOrder already set for a different device.`;
      return [invalid(`${field}.bootOrder`, message, 'Give every device a number of its own.')];
    }
    taken.add(order);
    return [];
  });
};

function numbered(
  devices: readonly { readonly bootOrder?: number }[],
  path: string,
): { readonly order: number | undefined; readonly field: string }[] {
  return devices.map(({ bootOrder: order }, index) => ({ order, field: `${path}[${index}]` }));
}
