// Owns the proof that a device without an IOMMU group is refused a trial for what is really missing.
// Must not repeat what test/server says of refusals over the API.
import { expect, test } from 'vitest';
import { type IommuFact, noHostDevices, type PciDevice } from '../../../electron/api/host-devices.ts';
import { noBindings, trialPlan } from '../../../electron/core/devices/trials.ts';

const address = '0000:00:10.0';
const edu: PciDevice = {
  address,
  vendorId: '1234',
  deviceId: '11e8',
  classCode: '00ff00',
  names: {},
  candidateDrivers: [],
  hostUses: [],
  resetMethods: [],
  parents: [],
  bootVga: false,
};
const on: IommuFact = { ...noHostDevices.iommu, units: ['unit0'], vfioPci: 'loaded' };

test.each<{ readonly name: string; readonly device: PciDevice; readonly iommu: IommuFact; readonly message: string }>([
  { name: 'a PC', device: edu, iommu: { ...on, firmwareTable: 'DMAR' }, message: 'no IOMMU is in front of it.' },
  { name: 'an IOMMU that waits for drivers', device: edu, iommu: on, message: 'gives one when a driver takes the device.' },
  { name: 'the same, and a driver has it', device: { ...edu, driver: 'pci-stub' }, iommu: on, message: 'no IOMMU is in front of it.' },
  {
    name: 'an IOMMU that is off',
    device: edu,
    iommu: { ...on, units: [], firmwareTable: 'DMAR' },
    message: 'The kernel does not use an IOMMU.',
  },
])('no group: $name', ({ device, iommu, message }) => {
  const { asked, causes } = trialPlan({ ...noHostDevices, pci: [device], iommu }, { address, seconds: 10 }, noBindings);
  expect(asked).toEqual([]);
  expect(causes.map((cause) => [cause.reason, cause.message])).toEqual([['NoIommu', expect.stringContaining(message)]]);
});
