// Owns the proof that Debian's own programs make of a preparation what it is for: a kernel that is told, and a first file system that hands the device to VFIO.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { debianDisk } from './debian-disk.ts';
import { runInLab } from './run-in-lab.ts';

const folder = mkdtempSync(join(tmpdir(), 'vd-debian-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a real Debian is prepared by its update-initramfs and update-grub', { timeout: 1_000_000 }, async () => {
  const { results } = await runInLab({
    program: new URL('programs/preparation-debian.ts', import.meta.url),
    rootImage: await debianDisk(folder),
    iommu: 'intel',
    devices: ['nic'],
    modules: ['e1000e'],
    timeoutMs: 900_000,
  });
  expect(results).toEqual([
    {
      system: expect.stringMatching(/^Debian GNU\/Linux .*, GRUB \(drop-in files\), update-initramfs$/),
      causes: [],
      steps: [
        '/etc/default/grub.d/60-virtdeck.cfg',
        '/etc/modprobe.d/vfio.conf',
        '/etc/modules-load.d/vfio-pci.conf',
        '/etc/initramfs-tools/modules',
        'update-initramfs',
        'update-grub',
      ],
      // The lab's kernel was told so, and Debian's is not yet.
      why: 'The running kernel was told intel_iommu=on, and nothing keeps it for the next start.',
    },
    {
      left: [],
      files: {
        told: true,
        options: expect.stringContaining('options vfio-pci ids=8086:10d3\n'),
        loaded: ['vfio_pci', 'vfio', 'vfio_iommu_type1'],
        driver: true,
      },
    },
  ]);
});
