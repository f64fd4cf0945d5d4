// Owns the proof that the product prepares a computer for passthrough and takes it back, as root on an outer machine, through kills in the middle.
import { expect, test } from 'vitest';
import { runInLab } from './run-in-lab.ts';

test('a preparation is applied, ended with kill -9 in the middle, finished and undone', { timeout: 400_000 }, async () => {
  const run = await runInLab({
    program: new URL('programs/preparation.ts', import.meta.url),
    iommu: 'intel',
    devices: ['nic'],
    modules: ['e1000e'],
    timeoutMs: 360_000,
  });
  const [planned, applied, undone, killed, killedApp, end] = run.results;
  const programs = ['update-initramfs', 'update-grub'];
  expect(planned).toEqual({
    system: expect.stringMatching(/, GRUB \(drop-in files\), update-initramfs$/),
    causes: [],
    steps: [
      '/etc/default/grub.d/60-virtdeck.cfg',
      '/etc/modprobe.d/vfio.conf',
      '/etc/modules-load.d/vfio-pci.conf',
      '/etc/initramfs-tools/modules',
      ...programs,
    ],
  });
  expect(applied).toEqual({
    files: expect.objectContaining({
      '/etc/default/grub.d/60-virtdeck.cfg': '# Written by Virtdeck.\nGRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX intel_iommu=on"\n',
      '/etc/modprobe.d/vfio.conf': '# Written by Virtdeck.\noptions vfio-pci ids=8086:10d3\nsoftdep e1000e pre: vfio-pci\n',
      '/etc/initramfs-tools/modules': '# one a line\nvfio_pci\nvfio\nvfio_iommu_type1\n',
    }),
    ran: ['update-initramfs -u -k all', 'update-grub'],
    left: [],
  });
  const twice = (verb: string): readonly string[] => [`${verb} begun`, `${verb} done`];
  expect(undone).toEqual({
    undone: [],
    same: true,
    journal: [
      ...Array.from({ length: 4 }, () => twice('file-write')).flat(),
      ...twice('initramfs-update'),
      ...twice('bootloader-update'),
      ...Array.from({ length: 4 }, () => twice('file-restore')).flat(),
      ...twice('initramfs-update'),
      ...twice('bootloader-update'),
    ],
  });
  expect(killed).toEqual({
    failed: expect.stringContaining('Steps 1 to 4 of 6 are done; undo them with: virtdeck prepare undo'),
    pending: programs,
    last: 'initramfs-update begun',
  });
  // The program went on by itself when the app was killed, and wrote down that it was done.
  expect(killedApp).toEqual({ pending: ['update-grub'] });
  expect(end).toEqual({ items: [], same: true, script: true });
});
