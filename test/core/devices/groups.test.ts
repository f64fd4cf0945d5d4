// Owns the table of verdicts: which devices move together, and whether they may.
// Must not read a computer.
import { describe, expect, test } from 'vitest';
import type { HostUse, PciDevice } from '../../../electron/api/host-devices.ts';
import { deviceGroups, groupOf, movedTogether } from '../../../electron/core/devices/groups.ts';

const port = '0000:00:01.0';
const gpu = '0000:01:00.0';

function device(address: string, more: Partial<PciDevice> & { readonly uses?: readonly HostUse[] } = {}): PciDevice {
  const { uses = [], ...rest } = more;
  return {
    address,
    vendorId: '10de',
    deviceId: '1eb8',
    classCode: '030000',
    names: {},
    candidateDrivers: [],
    iommuGroup: '1',
    resetMethods: ['bus'],
    bootVga: false,
    parents: [port],
    hostUses: uses,
    ...rest,
  };
}

const bridge = device(port, { classCode: '060400', parents: [], resetMethods: ['pm'] });
const audio = { classCode: '040300', resetMethods: [] } as const;
const usbC = { classCode: '0c0330', resetMethods: ['pm'] } as const;

interface Row {
  readonly name: string;
  readonly pci: readonly PciDevice[];
  readonly of: string;
  readonly verdict: object;
  readonly moved?: readonly string[];
}

const rows: readonly Row[] = [
  { name: 'a device alone in its group', pci: [bridge, device(gpu, { resetMethods: ['flr', 'bus'] })], of: gpu, verdict: { kind: 'safe' } },
  {
    name: 'a graphics card with its audio in one group',
    pci: [bridge, device(gpu, { resetMethods: [] }), device('0000:01:00.1', audio)],
    of: gpu,
    verdict: { kind: 'takesOthers', others: ['0000:01:00.1'] },
    moved: [gpu, '0000:01:00.1'],
  },
  {
    name: 'a graphics card whose audio and USB-C functions are in groups of their own',
    pci: [
      bridge,
      device(gpu, { iommuGroup: '20', resetMethods: [] }),
      device('0000:01:00.1', { ...audio, iommuGroup: '21' }),
      device('0000:01:00.2', { ...usbC, iommuGroup: '22' }),
    ],
    of: gpu,
    verdict: { kind: 'takesOthers', others: ['0000:01:00.1', '0000:01:00.2'] },
    moved: [gpu, '0000:01:00.1', '0000:01:00.2'],
  },
  {
    name: 'the audio function of such a card takes the card with it',
    pci: [bridge, device(gpu, { iommuGroup: '20', resetMethods: [] }), device('0000:01:00.1', { ...audio, iommuGroup: '21' })],
    of: '0000:01:00.1',
    verdict: { kind: 'takesOthers', others: [gpu] },
  },
  {
    name: 'a network card whose ports can each be reset alone stays apart',
    pci: [
      bridge,
      device('0000:02:00.0', { classCode: '020000', iommuGroup: '2', resetMethods: ['flr'] }),
      device('0000:02:00.1', { classCode: '020000', iommuGroup: '3', resetMethods: ['flr'] }),
    ],
    of: '0000:02:00.0',
    verdict: { kind: 'safe' },
  },
  {
    name: 'virtual functions are made to be apart',
    pci: [
      bridge,
      device('0000:02:00.0', { classCode: '020000', iommuGroup: '2', resetMethods: ['flr'] }),
      device('0000:02:00.1', { classCode: '020000', iommuGroup: '3', resetMethods: ['bus'], physfn: '0000:02:00.0' }),
    ],
    of: '0000:02:00.1',
    verdict: { kind: 'safe' },
  },
  {
    name: 'parts of the chipset that a quirk sets apart are no card',
    pci: [
      device('0000:00:1f.2', { classCode: '010601', iommuGroup: '8', parents: [], resetMethods: ['pm'] }),
      device('0000:00:1f.3', { classCode: '0c0500', iommuGroup: '9', parents: [], resetMethods: ['pm'] }),
    ],
    of: '0000:00:1f.2',
    verdict: { kind: 'safe' },
  },
  {
    name: 'the only graphics card shows the screen',
    pci: [bridge, device(gpu, { bootVga: true, uses: [{ kind: 'screen', detail: 'boot_vga' }] })],
    of: gpu,
    verdict: { kind: 'wouldTakeHost', uses: [{ address: gpu, kind: 'screen', detail: 'boot_vga' }] },
  },
  {
    name: 'a group that holds the disk below /, from whichever of its devices one looks',
    pci: [bridge, device(gpu), device('0000:03:00.0', { classCode: '010802', uses: [{ kind: 'disk', detail: '/' }] })],
    of: gpu,
    verdict: { kind: 'wouldTakeHost', uses: [{ address: '0000:03:00.0', kind: 'disk', detail: '/' }] },
  },
  {
    name: 'sound is not missed at once',
    pci: [bridge, device(gpu, { uses: [{ kind: 'audio', detail: 'HDMI' }] })],
    of: gpu,
    verdict: { kind: 'safe' },
  },
  {
    name: 'a function of the chipset that knows no reset',
    pci: [device('0000:00:10.0', { classCode: '00ff00', parents: [], resetMethods: [] })],
    of: '0000:00:10.0',
    verdict: { kind: 'cannotBeReset', addresses: ['0000:00:10.0'] },
  },
  {
    name: 'what shares a bus with a stranger cannot be reset by its bus',
    pci: [
      bridge,
      device('0000:01:00.0', { classCode: '020000', iommuGroup: '2', resetMethods: [] }),
      device('0000:01:01.0', { classCode: '020000', iommuGroup: '3', resetMethods: ['flr'] }),
    ],
    of: '0000:01:00.0',
    verdict: { kind: 'cannotBeReset', addresses: ['0000:01:00.0'] },
  },
  {
    name: 'without an IOMMU',
    pci: [bridge, device(gpu, { iommuGroup: undefined })],
    of: gpu,
    verdict: { kind: 'noIommu' },
  },
];

describe('deviceGroups', () => {
  test.each(rows)('$name', ({ pci, of, verdict, moved }) => {
    const group = groupOf(deviceGroups({ pci }), of);
    expect(group?.verdict).toEqual(verdict);
    if (moved !== undefined && group !== undefined) expect(movedTogether(group)).toEqual(moved);
  });

  test('bridges are in no group, and do not make one unfit', () => {
    expect(deviceGroups({ pci: [bridge, device(gpu)] }).flatMap(({ addresses }) => addresses)).toEqual([gpu]);
  });
});
