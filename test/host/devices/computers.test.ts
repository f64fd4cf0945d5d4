// Owns the proof that each computer that is hard to pass a device through on is read and judged as it is.
// Must not look at the computer that runs the test.
import { describe, expect, test } from 'vitest';
import type { GroupVerdict, HostDeviceReport } from '../../../electron/api/host-devices.ts';
import { deviceGroups } from '../../../electron/core/devices/groups.ts';
import { readiness } from '../../../electron/core/devices/readiness.ts';
import { createHostDevices } from '../../../electron/host/devices/host-devices.ts';
import { type ComputerName, computers } from '../../fakes/computers.ts';
import { writeDeviceTree } from '../../fakes/device-tree.ts';
import { tempDir } from '../temp-dir.ts';

async function judged(name: ComputerName): Promise<Pick<HostDeviceReport, 'groups' | 'checks'>> {
  const root = tempDir();
  writeDeviceTree(root, computers[name]);
  const facts = await createHostDevices(root).facts();
  return { groups: deviceGroups(facts), checks: readiness(facts) };
}

interface Row {
  readonly name: ComputerName;
  /** By the first device of each group. */
  readonly verdicts: Readonly<Record<string, GroupVerdict>>;
  /** What is not well. */
  readonly wrong: readonly string[];
}

const gpu = '0000:01:00.0';
const audio = '0000:01:00.1';
const usbC = '0000:01:00.2';
const root = { kind: 'disk', detail: '/', address: '0000:03:00.0' } as const;
const igpu = (detail: string) => ({ kind: 'screen', detail, address: '0000:00:02.0' }) as const;
const screen = (detail: string) => ({ kind: 'screen', detail, address: gpu }) as const;
const apart = {
  [gpu]: { kind: 'noIommu' },
  [audio]: { kind: 'noIommu' },
  '0000:03:00.0': { kind: 'wouldTakeHost', uses: [root] },
} as const;

const rows: readonly Row[] = [
  {
    name: 'split card',
    verdicts: {
      '0000:00:02.0': { kind: 'wouldTakeHost', uses: [igpu('DP-1'), igpu('boot_vga')] },
      [gpu]: { kind: 'takesOthers', others: [audio, usbC] },
      [audio]: { kind: 'takesOthers', others: [gpu, usbC] },
      [usbC]: { kind: 'takesOthers', others: [gpu, audio] },
    },
    wrong: ['isolation: warning'],
  },
  {
    name: 'only card',
    verdicts: {
      [gpu]: { kind: 'wouldTakeHost', uses: [screen('HDMI-A-1'), screen('boot_vga')] },
      // The sound of the only card takes the card along.
      [audio]: { kind: 'wouldTakeHost', uses: [screen('HDMI-A-1'), screen('boot_vga')] },
      '0000:03:00.0': { kind: 'wouldTakeHost', uses: [root] },
    },
    wrong: [],
  },
  {
    name: 'one group',
    verdicts: {
      '0000:00:02.0': { kind: 'wouldTakeHost', uses: [igpu('DP-1'), igpu('boot_vga')] },
      [gpu]: { kind: 'wouldTakeHost', uses: [root, { kind: 'network', detail: 'enp5s0', address: '0000:05:00.0' }] },
    },
    wrong: [],
  },
  { name: 'no IOMMU', verdicts: apart, wrong: ['firmware: error', 'iommu: error', 'interruptRemapping: warning'] },
  { name: 'IOMMU off', verdicts: apart, wrong: ['iommu: error', 'interruptRemapping: warning'] },
  {
    name: 'no interrupt remapping',
    verdicts: {
      '0000:00:10.0': { kind: 'cannotBeReset', addresses: ['0000:00:10.0'] },
      [gpu]: { kind: 'takesOthers', others: [audio] },
    },
    wrong: ['interruptRemapping: error'],
  },
];

describe('verdicts on hard computers', () => {
  test.each(rows)('$name', async ({ name, verdicts, wrong }) => {
    const { groups, checks } = await judged(name);
    expect(Object.fromEntries(groups.map(({ id, verdict }) => [id, verdict]))).toEqual(verdicts);
    expect(checks.filter(({ state }) => state !== 'ok').map(({ id, state }) => `${id}: ${state}`)).toEqual(wrong);
    for (const { state, fix } of checks) if (state === 'error') expect(fix).toBeTruthy();
  });

  test('every computer but the workstation, which has a test of its own', () => {
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(computers).filter((name) => name !== 'workstation'));
  });
});
