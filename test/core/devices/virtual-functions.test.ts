// Owns the table of setting virtual functions: by which numbers, and why not.
// Must not set any.
import { describe, expect, test } from 'vitest';
import type { PciDevice, SriovFact } from '../../../electron/api/host-devices.ts';
import { functionsPlan } from '../../../electron/core/devices/virtual-functions.ts';

const card = '0000:04:00.0';
const vf = '0000:04:02.0';

function pci(address: string, more: Partial<PciDevice> = {}): PciDevice {
  const empty = { names: {}, candidateDrivers: [], hostUses: [], resetMethods: [], parents: [] };
  return { ...empty, address, vendorId: '8086', deviceId: '1572', classCode: '020000', bootVga: false, ...more };
}

function facts(sriov: SriovFact | undefined, held: readonly (readonly [string, string])[] = []) {
  const uses = [{ kind: 'network', detail: 'enp4s2' }] as const;
  return {
    pci: [pci(card, sriov === undefined ? {} : { sriov }), pci(vf, { physfn: card, hostUses: sriov?.numvfs === 3 ? uses : [] })],
    held: new Map(held),
  };
}

const none: SriovFact = { numvfs: 0, totalvfs: 64, vfs: [] };
const two: SriovFact = { numvfs: 2, totalvfs: 64, vfs: [vf, '0000:04:02.1'] };

describe('steps', () => {
  test.each([
    { from: none, count: 4, steps: [4] },
    { from: two, count: 2, steps: [] },
    { from: two, count: 0, steps: [0] },
    { from: two, count: 4, steps: [0, 4] },
    { from: two, count: 64, steps: [0, 64] },
  ])('$from.numvfs to $count: $steps', ({ from, count, steps }) => {
    expect(functionsPlan(facts(from), { address: card, count })).toEqual({ steps, causes: [] });
  });
});

describe('why not', () => {
  test.each([
    {
      name: 'another device',
      sriov: two,
      wish: { address: '0000:09:00.0', count: 1 },
      say: 'This computer has no PCI device 0000:09:00.0.',
    },
    { name: 'no SR-IOV', sriov: undefined, wish: { address: card, count: 1 }, say: `The device ${card} has no virtual functions.` },
    { name: 'too many', sriov: two, wish: { address: card, count: 65 }, say: `The card ${card} has 0 to 64 virtual functions.` },
    { name: 'no whole number', sriov: two, wish: { address: card, count: 1.5 }, say: `The card ${card} has 0 to 64 virtual functions.` },
    {
      name: 'used by this computer',
      sriov: { ...two, numvfs: 3 },
      wish: { address: card, count: 0 },
      say: `This computer uses the virtual function ${vf} (enp4s2).`,
    },
  ])('$name', ({ sriov, wish, say }) => {
    const { steps, causes } = functionsPlan(facts(sriov), wish);
    expect(steps).toEqual([]);
    expect(causes.map(({ message }) => message)).toEqual([say]);
    for (const { fix } of causes) expect(fix).toBeTruthy();
  });

  test('a machine has one of them, and is named with the way to stop it', () => {
    const { causes } = functionsPlan(facts(two, [[vf, 'lab/router']]), { address: card, count: 0 });
    expect(causes).toMatchObject([
      {
        reason: 'HostDeviceInUse',
        message: `The virtual function ${vf} is in use by the machine lab/router.`,
        actions: [{ type: 'StopMachine', namespace: 'lab', name: 'router' }],
      },
    ]);
  });
});
