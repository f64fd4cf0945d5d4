// Owns the proof of what choosing devices of this computer writes into a definition, and that nothing is written that nobody changed.
// Must not render anything.
import { describe, expect, test } from 'vitest';
import { annotations } from '../../../electron/api/annotations.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { hostDevicesDraft, hostDevicesPatch } from '../../../renderer/features/machines/host-device-edits.ts';
import { addedDevice, asScreen, devicesProblem, forComputing, noHostDeviceChoice } from '../../../renderer/ui/host-device-drafts.ts';

const t4 = 'nvidia.com/TU104GL_Tesla_T4';

function machine(devices: object, notes: Readonly<Record<string, string>> = {}): VirtualMachine {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: {
      name: 'web',
      namespace: 'default',
      uid: 'u',
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '',
      annotations: notes,
    },
    spec: { runStrategy: 'Halted', template: { spec: { domain: { devices } } } },
  };
}

test('what is written is read, and unchanged writes nothing', () => {
  const vm = machine(
    { gpus: [{ name: 'gpu1', deviceName: t4, virtualGPUOptions: {} }], hostDevices: [{ name: 'nic', deviceName: 'intel.com/nic' }] },
    { [annotations.hostDeviceOptions]: '{"gpu1":{"address":"0000:01:00.0","primaryGpu":true}}' },
  );
  const draft = hostDevicesDraft(vm);
  expect(draft.rows).toMatchObject([
    { name: 'gpu1', resourceName: t4, isGpu: true, address: '0000:01:00.0', primaryGpu: true, romBar: true },
    { name: 'nic', resourceName: 'intel.com/nic', isGpu: false, address: '' },
  ]);
  expect(hostDevicesPatch(vm, draft)).toEqual([]);
});

test('a device is added beside what is there, with its options, and its neighbours keep what the dialog does not ask for', () => {
  const vm = machine({ gpus: [{ name: 'gpu1', deviceName: t4, virtualGPUOptions: {} }] });
  const { rows } = hostDevicesDraft(vm);
  const added = { ...addedDevice(rows, t4, true), romBar: false };
  expect(added.name).toBe('gpu2');
  expect(hostDevicesPatch(vm, { rows: [...rows, added], hideHypervisor: true, vendorId: '' })).toEqual([
    { op: 'test', path: '/spec/template/spec/domain/devices/gpus', value: [{ name: 'gpu1', deviceName: t4, virtualGPUOptions: {} }] },
    {
      op: 'add',
      path: '/spec/template/spec/domain/devices/gpus',
      value: [
        { name: 'gpu1', deviceName: t4, virtualGPUOptions: {} },
        { name: 'gpu2', deviceName: t4 },
      ],
    },
    { op: 'add', path: '/metadata/annotations/virtdeck.io~1host-device-options', value: '{"gpu2":{"romBar":false}}' },
    { op: 'add', path: '/spec/template/spec/domain/features', value: { kvm: { hidden: true } } },
  ]);
});

test('the last device takes its list and its options with it', () => {
  const text = '{"nic":{"optional":true}}';
  const vm = machine({ hostDevices: [{ name: 'nic', deviceName: 'intel.com/nic' }] }, { [annotations.hostDeviceOptions]: text });
  expect(hostDevicesPatch(vm, noHostDeviceChoice).filter(({ op }) => op === 'remove')).toEqual([
    { op: 'remove', path: '/spec/template/spec/domain/devices/hostDevices' },
    { op: 'remove', path: '/metadata/annotations/virtdeck.io~1host-device-options' },
  ]);
});

describe('what cannot be saved', () => {
  const row = addedDevice([], t4, false);
  test.each([
    ['resource', [{ ...row, resourceName: '' }]],
    ['name', [{ ...row, name: 'Karte 1' }]],
    ['twice', [row, { ...row, key: 1 }]],
    ['romFile', [{ ...row, romFile: 'card.rom' }]],
    [undefined, [row]],
  ])('%s', (problem, rows) => expect(devicesProblem({ ...noHostDeviceChoice, rows })).toBe(problem));

  test.each([
    ['a', undefined],
    ['GenuineIntel', undefined],
    ['thirteen long', 'vendorId'],
    ['a,b', 'vendorId'],
    ['名', 'vendorId'],
  ])('vendor id %s', (vendorId, problem) => expect(devicesProblem({ ...noHostDeviceChoice, vendorId })).toBe(problem));
});

describe('what a graphics card is for', () => {
  const rows = [addedDevice([], t4, true), { ...addedDevice([], t4, true), key: 1, name: 'gpu2', primaryGpu: true }];

  test('one card is the first screen, and its driver is not told of a hypervisor', () => {
    const choice = asScreen({ ...noHostDeviceChoice, rows }, 0);
    expect(choice.rows.map(({ primaryGpu }) => primaryGpu)).toEqual([true, false]);
    expect(choice.hideHypervisor).toBe(true);
    expect(forComputing(choice, 0)).toMatchObject({ rows: [{ primaryGpu: false }, { primaryGpu: false }], hideHypervisor: false });
  });

  test('computing with one leaves the screen on the other as it is', () => {
    const choice = { ...noHostDeviceChoice, rows, hideHypervisor: true };
    expect(forComputing(choice, 0)).toMatchObject({ rows: [{ primaryGpu: false }, { primaryGpu: true }], hideHypervisor: true });
  });
});

test('the vendor id joins what Hyper-V tells already, and goes alone', () => {
  const vm = machine({});
  const features = { acpi: {}, hyperv: { relaxed: {} } };
  const windows = { ...vm, spec: { ...vm.spec, template: { spec: { domain: { devices: {}, features } } } } };
  const path = '/spec/template/spec/domain/features';
  const named = { ...features, hyperv: { relaxed: {}, vendorid: { enabled: true, vendorid: 'virtdeck' } } };
  expect(hostDevicesPatch(windows, { ...noHostDeviceChoice, vendorId: 'virtdeck' })).toEqual([
    { op: 'test', path, value: features },
    { op: 'add', path, value: named },
  ]);
  const again = { ...vm, spec: { ...vm.spec, template: { spec: { domain: { devices: {}, features: named } } } } };
  expect(hostDevicesDraft(again).vendorId).toBe('virtdeck');
  expect(hostDevicesPatch(again, noHostDeviceChoice)).toEqual([
    { op: 'test', path, value: named },
    { op: 'add', path, value: features },
  ]);
});
