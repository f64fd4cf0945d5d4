// Owns what the firmware tells of the machine: serial number and chassis (SMBIOS).
// Must not set the uuid; `-uuid` fills it in.
import { keyedOption } from '../args.ts';
import type { Family } from '../fragment.ts';

export const smbiosFamily: Family = ({ spec: { domain } }) => {
  const { manufacturer, version, serial, asset, sku } = domain.chassis ?? {};
  const chassis = { manufacturer, version, serial, asset, sku };
  return {
    args: [
      ...(domain.firmware?.serial === undefined
        ? []
        : [keyedOption('-smbios', { pairs: { type: 1, serial: domain.firmware.serial } }, { field: 'spec.domain.firmware.serial' })]),
      ...(Object.values(chassis).every((value) => value === undefined)
        ? []
        : [keyedOption('-smbios', { pairs: { type: 3, ...chassis } }, { field: 'spec.domain.chassis' })]),
    ],
  };
};
