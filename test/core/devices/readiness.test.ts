// Owns the table of what is said of interrupt remapping by what the kernel shows of it.
// Must not read a computer: test/host/devices does.
import { expect, test } from 'vitest';
import { noHostDevices } from '../../../electron/api/host-devices.ts';
import { readiness } from '../../../electron/core/devices/readiness.ts';

test.each<[readonly string[], boolean | undefined, string]>([
  [['dmar0'], true, 'ok'],
  [[], true, 'ok'],
  [[], false, 'warning'],
  [[], undefined, 'warning'],
  [['dmar0'], false, 'error'],
])('units %j, remapping %s: %s', (units, remaps, state) => {
  const iommu = { ...noHostDevices.iommu, units, ...(remaps === undefined ? {} : { interruptRemapping: remaps }) };
  expect(readiness({ iommu }).find(({ id }) => id === 'interruptRemapping')?.state).toBe(state);
});
