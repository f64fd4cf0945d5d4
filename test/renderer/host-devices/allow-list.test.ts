// Owns the proof of the allow list's edits: rows, suggested names, patches, and which field a refusal belongs to.
// Must not repeat the core's rules.
import { describe, expect, test } from 'vitest';
import type { Cause } from '../../../electron/api/errors.ts';
import type { PermittedHostDevices } from '../../../electron/api/kinds/hyper-converged.ts';
import {
  type AllowDraft,
  allowedRows,
  allowPatch,
  draftFaults,
  draftField,
  forbidPatch,
  pciDraft,
  rowFor,
} from '../../../renderer/features/host-devices/allow-list.ts';
import { machinesUsing } from '../../../renderer/features/host-devices/allow-use.ts';
import { suggestedResource } from '../../../renderer/features/host-devices/resource-name.ts';
import { withDomain } from '../../fakes/builders.ts';
import { storedVm } from '../machines/machines.ts';

const t4 = { pciDeviceSelector: '10DE:1EB8', resourceName: 'nvidia.com/TU104GL_Tesla_T4' };
const qat = { pciDeviceSelector: '8086:6F54', resourceName: 'intel.com/qat', externalResourceProvider: true };
const key = { selectors: [{ vendor: '046d', product: 'c52b' }], resourceName: 'logitech.com/receiver' };
const permitted: PermittedHostDevices = { pciHostDevices: [t4, qat], usb: [key] };
const path = '/spec/permittedHostDevices';
const seen = { op: 'test', path, value: permitted };
const draft: AllowDraft = {
  list: 'pciHostDevices',
  selector: '8086:154C',
  resourceName: ' intel.com/vf ',
  externalResourceProvider: false,
};
const rowOf = (index: number) => allowedRows(permitted)[index] ?? { ...draft, index: -1 };

describe('suggestedResource', () => {
  const amd = 'Advanced Micro Devices, Inc. [AMD/ATI]';
  test.each([
    { ids: '10de:1eb8', vendor: 'NVIDIA Corporation', device: 'TU104GL [Tesla T4]', name: 'nvidia.com/TU104GL_Tesla_T4' },
    { ids: '10de:1db6', vendor: 'NVIDIA Corporation', device: 'GV100GL [Tesla V100]', name: 'nvidia.com/GV100GL_Tesla_V100' },
    { ids: '1002:73ff', vendor: amd, device: 'Navi 23 [Radeon RX 6600/6600 XT]', name: 'amd.com/Navi_23_Radeon_RX_6600_6600_XT' },
    { ids: '046d:c52b', vendor: 'Logitech, Inc.', device: 'Unifying Receiver', name: 'logitech.com/Unifying_Receiver' },
    { ids: 'abcd:0001', vendor: undefined, device: undefined, name: 'virtdeck.io/abcd_0001' },
    { ids: 'abcd:0001', vendor: '深圳', device: '设备', name: 'virtdeck.io/abcd_0001' },
    { ids: '8086:1572', vendor: 'Intel Corporation', device: `X${'y'.repeat(80)}`, name: `intel.com/X${'y'.repeat(62)}` },
  ])('$ids, $vendor $device', ({ ids, vendor, device, name }) => {
    const [vendorId = '', deviceId = ''] = ids.split(':');
    expect(suggestedResource({ vendorId, deviceId, vendor, device })).toBe(name);
  });
});

test('every entry is a row, and a device finds its own in either case', () => {
  expect(
    allowedRows(permitted).map(({ list, index, selector, resourceName, externalResourceProvider }) => [
      list,
      index,
      selector,
      resourceName,
      externalResourceProvider,
    ]),
  ).toEqual([
    ['pciHostDevices', 0, '10DE:1EB8', 'nvidia.com/TU104GL_Tesla_T4', false],
    ['pciHostDevices', 1, '8086:6F54', 'intel.com/qat', true],
    ['usb', 0, '046d:c52b', 'logitech.com/receiver', false],
  ]);
  const device = { vendorId: '10de', deviceId: '1eb8', names: {} };
  expect(rowFor(allowedRows(permitted), pciDraft(device))?.index).toBe(0);
  expect(rowFor(allowedRows({ usb: [key] }), { ...draft, list: 'usbHostDevices', selector: '046D:C52B' })?.list).toBe('usb');
  expect(allowedRows(undefined)).toEqual([]);
});

describe('a patch refuses a list that is not the one that was seen', () => {
  test('the first entry makes the list', () => {
    expect(allowPatch(undefined, draft)).toEqual([
      { op: 'add', path, value: { pciHostDevices: [{ pciDeviceSelector: '8086:154C', resourceName: 'intel.com/vf' }] } },
    ]);
  });
  test('another is added at the end', () => {
    const added = { pciDeviceSelector: '8086:154C', resourceName: 'intel.com/vf' };
    expect(allowPatch(permitted, draft)).toEqual([seen, { op: 'add', path, value: { ...permitted, pciHostDevices: [t4, qat, added] } }]);
  });
  test('an entry is edited in its place, and false is not written', () => {
    const row = rowOf(1);
    const next = { pciDeviceSelector: '8086:6F54', resourceName: 'intel.com/other' };
    const edited = { ...row, resourceName: 'intel.com/other', externalResourceProvider: false };
    expect(allowPatch(permitted, edited, row)).toEqual([seen, { op: 'add', path, value: { ...permitted, pciHostDevices: [t4, next] } }]);
  });
  test('one that becomes another kind moves to its list', () => {
    const moved = { ...draft, list: 'mediatedDevices', selector: 'GRID T4-2Q', resourceName: 'nvidia.com/GRID_T4-2Q' } as const;
    expect(allowPatch({ pciHostDevices: [t4] }, moved, rowOf(0))).toEqual([
      { op: 'test', path, value: { pciHostDevices: [t4] } },
      { op: 'add', path, value: { mediatedDevices: [{ mdevNameSelector: 'GRID T4-2Q', resourceName: 'nvidia.com/GRID_T4-2Q' }] } },
    ]);
  });
  test('USB: one of each, and what is too much is sent to be refused', () => {
    const usb = { ...draft, list: 'usbHostDevices', selector: '046d:c52b, 0951:1666:9' } as const;
    expect(allowPatch(undefined, usb)[0]?.value).toEqual({
      usbHostDevices: [
        {
          selectors: [
            { vendor: '046d', product: 'c52b' },
            { vendor: '0951', product: '1666:9' },
          ],
          resourceName: 'intel.com/vf',
        },
      ],
    });
  });
  test('the last of a list takes the list along', () => {
    expect(forbidPatch(permitted, rowOf(2))).toEqual([seen, { op: 'add', path, value: { pciHostDevices: [t4, qat] } }]);
  });
});

test('a refusal is shown where it belongs', () => {
  const cause = (field: string): Cause => ({ reason: 'FieldValueInvalid', field, message: 'no' });
  const field = draftField(permitted, draft);
  expect(field).toBe('spec.permittedHostDevices.pciHostDevices[2]');
  const faults = draftFaults([cause(`${field}.resourceName`), cause(`${field}.pciDeviceSelector`), cause('spec.other')], field);
  expect(Object.values(faults).map((causes) => causes.map((one: Cause) => one.field))).toEqual([
    [`${field}.resourceName`],
    [`${field}.pciDeviceSelector`],
    ['spec.other'],
  ]);
});

test('who uses a name: those that have a device now, and those that name it', () => {
  const asks = storedVm(
    'asks',
    {},
    withDomain((domain) => ({ ...domain, devices: { ...domain.devices, gpus: [{ name: 'gpu1', deviceName: t4.resourceName }] } })),
  );
  const uses = machinesUsing(t4.resourceName, {
    machines: [asks, storedVm('other')],
    resources: [
      {
        name: t4.resourceName,
        selectors: [t4.pciDeviceSelector],
        devices: [{ address: '0000:01:00.0', addresses: ['0000:01:00.0'], isDisplay: true, usedBy: 'lab/holds' }],
      },
    ],
  });
  expect(uses).toEqual([
    { namespace: 'default', name: 'asks', isHolding: false },
    { namespace: 'lab', name: 'holds', isHolding: true },
  ]);
});
