// Owns the proof that mediated devices are made, reach a guest and are removed, with a real driver of the kernel: its sample mtty, built for the lab.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildKillingHelper, canBuildKilling } from '../host/kill-points/killing-helper.ts';
import { mttyModule } from './mtty-module.ts';
import { runInLab } from './run-in-lab.ts';

const { file: mtty, reason } = await mttyModule();
if (reason !== undefined) console.log(`Mediated devices are not tried in the lab: ${reason}`);

test.skipIf(mtty === undefined)(
  'mtty: types, made for an ordinary user, in a guest, removed when its machine stops, kill -9 at every step',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vd-mdev-'));
    const killing = join(folder, 'killing-helper');
    try {
      if (canBuildKilling) await buildKillingHelper(killing);
      const began = performance.now();
      const { results } = await runInLab({
        program: new URL('programs/mdev.ts', import.meta.url),
        input: { mtty, ...(canBuildKilling ? { killing } : {}) },
        memoryMiB: 2048,
        modules: ['mdev', 'vfio_iommu_type1', 'vfio-pci'],
        timeoutMs: 500_000,
        onResult: (value) => console.log(`${((performance.now() - began) / 1000).toFixed(0)} s ${JSON.stringify(value)}`),
      });
      expect(results.slice(0, 10)).toEqual([
        { parents: [{ name: 'mtty', types: ['mtty-1: Single port serial (24)', 'mtty-2: Dual port serial (12)'] }] },
        { before: ['HostDeviceMissing spec.template.spec.domain.devices.hostDevices[0].deviceName'] },
        { offers: '12' },
        { made: 12, known: 12, owners: [4242], left: ['mtty-1 0', 'mtty-2 0'], says: 'True MediatedDevicesMade', ready: [] },
        { driver: 'vfio-pci', sysfsdev: '/sys/bus/mdev/devices', isOne: true },
        { offers: '1' },
        {
          left: [true],
          causes: ['HostDeviceInUse: The mediated device UUID (mtty-2) is in use by the machine default/serial, and goes when that stops.'],
          program: expect.objectContaining({ ok: false, code: 'Busy' }),
        },
        { guest: ['00.0 4348:3253'], edu: undefined },
        { offers: '0', made: 0, known: 0 },
        { refused: ['NotPermitted', 'Exists', 'NotFound', 'Invalid'], foreign: 1 },
      ]);
      const rounds = results.slice(10) as readonly { readonly points: number; readonly came: readonly string[] }[];
      expect(rounds).toHaveLength(canBuildKilling ? 4 : 0);
      for (const { points, came } of rounds) {
        expect(points).toBeGreaterThan(1);
        expect(['not there', 'there']).toEqual(expect.arrayContaining([...came]));
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
