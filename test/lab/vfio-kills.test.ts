// Owns the proof that the privileged program can be ended before every change that it makes to a device: it is driven as before or by VFIO, and can be taken back.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildKillingHelper, canBuildKilling } from '../host/kill-points/killing-helper.ts';
import { runInLab } from './run-in-lab.ts';

const old = 'e1000e (null)';
const fresh = 'vfio-pci vfio-pci';
const kept = expect.stringMatching(/^vfio-pci vfio-pci bound-[0-9a-f:.]+$/) as string;

interface Round {
  readonly name: string;
  readonly role: string;
  readonly points: number;
  /** Who drives it, and what is to drive it: at once; `next`: with the files that are left, after another request; `left`: taken back by hand. */
  readonly came: readonly string[];
  readonly next: readonly string[];
  readonly left: readonly string[];
}

const leftHalf = ['both', 'keeper', 'keepers'];
const finished: readonly (readonly [string, string, readonly string[]])[] = [
  ['bind', 'both', [old, kept]],
  ['trial', 'keeper', [old]],
  ['trial', 'keepers', [old]],
  ['unbind', 'both', [old]],
];

describe.skipIf(!canBuildKilling)('ended with kill -9', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vd-kills-'));
  const killing = join(folder, 'killing-helper');
  beforeAll(() => buildKillingHelper(killing));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('while it binds, tries, takes back and keeps', async () => {
    const { results } = await runInLab({
      program: new URL('programs/vfio-kills.ts', import.meta.url),
      input: { killing },
      iommu: 'intel',
      devices: ['nic'],
      modules: ['e1000e'],
      kernelArguments: 'clocksource=acpi_pm',
      timeoutMs: 540_000,
      onResult: (value) => console.log(JSON.stringify(value)),
    });
    expect(results.slice(0, 2)).toEqual([{ bound: fresh }, { free: old }]);
    const rounds = results.slice(2, -1) as readonly Round[];
    expect(rounds.map(({ name, role }) => `${name} ${role}`).join(', ')).toBe(
      'bind main, bind apart, bind both, trial main, trial keeper, trial keepers, unbind main, unbind apart, unbind both, keep main',
    );
    for (const { role, points, came, left } of rounds) {
      expect(points).toBeGreaterThan(1);
      if (!leftHalf.includes(role)) expect([old, fresh]).toEqual(expect.arrayContaining([...came]));
      expect(left).toEqual([old]);
    }
    // When all that were at it are ended, the device is nobody's for a while. The next request finishes it, whatever it asks for.
    for (const [name, role, states] of finished) {
      const round = rounds.find((one) => one.name === name && one.role === role);
      expect({ name, role, next: round?.next }).toEqual({ name, role, next: states });
      expect(round?.came.some((state) => state.startsWith('nobody')) ?? false, `${name} ${role}`).toBe(role !== 'keeper');
    }
    expect(results.at(-1)).toMatchObject({ undoable: true });
  });
});
