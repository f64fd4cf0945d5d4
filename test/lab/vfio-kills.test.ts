// Owns the proof that the privileged program can be ended before every change that it makes to a device: it is driven as before or by VFIO, and can be taken back.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildKillingHelper, canBuildKilling } from '../host/kill-points/killing-helper.ts';
import { runInLab } from './run-in-lab.ts';

const old = 'e1000e (null)';
const fresh = 'vfio-pci vfio-pci';

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
    const rounds = results.slice(2, -1) as readonly { readonly points: number; readonly came: readonly string[]; readonly left: unknown }[];
    expect(rounds).toHaveLength(6);
    for (const { points, came, left } of rounds) {
      expect(points).toBeGreaterThan(1);
      expect([old, fresh]).toEqual(expect.arrayContaining([...came]));
      expect(left).toEqual([old]);
    }
    expect(results.at(-1)).toMatchObject({ undoable: true });
  });
});
