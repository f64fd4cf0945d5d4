// Owns the proof that a Debian which the product prepared starts with the device in VFIO's hands, and as before once that is undone: by Debian's own programs, boot loader and kernel.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bootDebian } from './boot-debian.ts';
import { type DebianDisk, debianDisk } from './debian-disk.ts';
import type { LabOptions } from './lab-options.ts';
import { runInLab } from './run-in-lab.ts';

const folder = mkdtempSync(join(tmpdir(), 'vd-debian-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const computer = { iommu: 'intel', devices: ['nic'] } as const satisfies LabOptions;
const tell = (value: unknown): void => console.log(`${(performance.now() / 1000).toFixed(0)} s ${JSON.stringify(value)}`);

async function inLab(verb: 'prepare' | 'undo', rootImage: DebianDisk): Promise<readonly unknown[]> {
  const program = new URL('programs/preparation-debian.ts', import.meta.url);
  const task = { ...computer, program, input: { verb }, rootImage, modules: ['e1000e'], timeoutMs: 900_000, onResult: tell };
  return (await runInLab(task)).results;
}

async function boot(disk: DebianDisk): Promise<{ readonly driver: string; readonly line: string }> {
  const [, driver = '', line = ''] = await bootDebian(disk, computer, /LAB-BOOT driver=(\S*) line=([^\r\n]*) LAB-END/);
  tell({ driver, line });
  return { driver, line };
}

const files = [
  '/etc/default/grub.d/60-virtdeck.cfg',
  '/etc/modprobe.d/vfio.conf',
  '/etc/modules-load.d/vfio-pci.conf',
  '/etc/initramfs-tools/modules',
];

test('a real Debian is prepared, started, undone and started', { timeout: 3_000_000 }, async () => {
  const disk = await debianDisk(folder);
  expect(await inLab('prepare', disk)).toEqual([
    {
      system: expect.stringMatching(/^Debian GNU\/Linux .*, GRUB \(drop-in files\), update-initramfs$/),
      causes: [],
      steps: [...files, 'update-initramfs', 'update-grub'],
      // The lab's kernel was told so, and Debian's is not yet.
      why: 'The running kernel was told intel_iommu=on, and nothing keeps it for the next start.',
    },
    {
      left: [],
      files: {
        told: ['intel_iommu=on'],
        options: expect.stringContaining('options vfio-pci ids=8086:10d3\n'),
        loaded: ['vfio_pci', 'vfio', 'vfio_iommu_type1'],
        driver: true,
      },
    },
  ]);
  expect(await boot(disk)).toEqual({ driver: 'vfio-pci', line: expect.stringMatching(/ intel_iommu=on( |$)/) });
  expect(await inLab('undo', disk)).toEqual([
    { found: files.toReversed().map((file) => `${file} standing`) },
    { left: [], files: { told: ['nothing'], options: '', loaded: [], driver: false } },
  ]);
  expect(await boot(disk)).toEqual({ driver: 'e1000e', line: expect.not.stringContaining('intel_iommu') });
});
