// Owns the proof that the app can be ended with kill -9 at every step of trying a device: the trial ends all the same, and the next app finds nothing of it.
// What the privileged program left half-way the next app of root finishes at its start.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildKillingHelper, canBuildKilling } from '../host/kill-points/killing-helper.ts';
import { runInLab } from './run-in-lab.ts';

const old = 'e1000e (null)';

describe.skipIf(!canBuildKilling)('the app ended with kill -9', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vd-kills-'));
  const killing = join(folder, 'killing-helper');
  beforeAll(() => buildKillingHelper(killing));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('at every step of trying a device, and while the question stands', { timeout: 1_200_000 }, async () => {
    const { results } = await runInLab({
      program: new URL('programs/passthrough-kills.ts', import.meta.url),
      input: { killing },
      iommu: 'intel',
      devices: ['nic'],
      modules: ['e1000e'],
      kernelArguments: 'clocksource=acpi_pm',
      timeoutMs: 1_150_000,
    });
    expect(results).toEqual([
      { points: expect.any(Number), came: [old], told: [''] },
      { half: expect.stringMatching(/^nobody \(null\) bound-\S+ moving-\S+$/), after: old, told: '' },
    ]);
    const [{ points }] = results as readonly [{ readonly points: number }];
    expect(points).toBeGreaterThan(2);
  });
});
