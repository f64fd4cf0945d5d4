// Owns the proof that how a computer starts is found, for each distribution, and leads to a plan for it.
// Must not look at the computer that runs the test.
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PreparationFacts, PreparationWishes } from '../../../electron/core/preparation/preparation-facts.ts';
import { preparationPlan } from '../../../electron/core/preparation/plan.ts';
import { createPreparation } from '../../../electron/host/preparation/preparation.ts';
import { tempDir } from '../temp-dir.ts';
import { computerTrees, writeComputer } from './computer-tree.ts';

const ada = { name: 'ada', uid: 1000, gid: 1000 };

async function factsOf(name: keyof typeof computerTrees): Promise<PreparationFacts> {
  const root = tempDir();
  writeComputer(root, computerTrees[name]);
  return createPreparation({ root, user: ada }).facts();
}

const wishes: PreparationWishes = {
  devices: [{ address: '0000:01:00.0', id: '10de:1eb8', drivers: ['nouveau'], hasTwin: false }],
  kernelArguments: [],
  files: {},
  wantsIommu: true,
};

test.each([
  ['debian', { type: 'grub', generator: 'update-grub', dropIns: true }, 'update-initramfs'],
  ['fedora', { type: 'grubby' }, 'dracut'],
  ['silverblue', { type: 'rpm-ostree' }, 'dracut'],
  ['opensuse', { type: 'grub', generator: 'grub2-mkconfig', dropIns: false }, 'dracut'],
  [
    'arch',
    {
      type: 'systemd-boot',
      folder: 'loader-entry-boot',
      entries: [{ name: 'arch.conf', text: 'title Arch Linux\nlinux /vmlinuz-linux\noptions root=PARTUUID=2 rw\n' }],
    },
    'mkinitcpio',
  ],
  ['debian, systemd-boot', { type: 'kernel-install' }, 'update-initramfs'],
  ['proxmox', { type: 'unknown' }, 'update-initramfs'],
  ['bare', { type: 'unknown' }, 'none'],
] as const)('%s: boot loader and initramfs tool', async (name, bootLoader, initramfs) => {
  expect(await factsOf(name)).toMatchObject({ bootLoader, initramfs, unreadable: [] });
});

test('Debian: everything else, as it is', async () => {
  expect(await factsOf('debian')).toMatchObject({
    system: 'Debian GNU/Linux 12 (bookworm)',
    hostname: 'tower',
    cpuVendor: 'intel',
    cmdline: 'BOOT_IMAGE=/vmlinuz-6.1.0 root=UUID=1 ro quiet',
    iommuInUse: false,
    vfioPciBuiltIn: false,
    // To the byte: a difference is made of it.
    files: {
      'grub-default': 'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n',
      'initramfs-modules': '# one a line\n',
    },
    otherVfioOptions: [],
    user: { name: 'ada', isRoot: false, group: 'kvm' },
    memoryMiB: 32_000,
  });
  expect(await factsOf('debian, prepared')).toMatchObject({
    iommuInUse: true,
    vfioPciBuiltIn: true,
    files: { 'modprobe-vfio': 'options vfio-pci ids=10de:1eb8\n' },
    otherVfioOptions: ['/etc/modprobe.d/mine.conf'],
  });
});

test.each([
  ['debian', ['/etc/default/grub.d/60-virtdeck.cfg', 'update-initramfs', 'update-grub']],
  ['fedora', ['grubby-add intel_iommu=on', 'dracut']],
  ['silverblue', ['rpm-ostree-add intel_iommu=on', 'rpm-ostree-add vfio-pci.ids=10de:1eb8']],
  ['opensuse', ['/etc/default/grub', '/etc/dracut.conf.d/60-virtdeck.conf', 'grub2-mkconfig']],
  ['arch', ['/boot/loader/entries/arch.conf', '/etc/mkinitcpio.conf.d/60-virtdeck.conf', 'mkinitcpio']],
  ['debian, systemd-boot', ['/etc/kernel/cmdline', 'kernel-install']],
] as const)('%s: the plan names its files and programs', async (name, steps) => {
  const plan = preparationPlan(await factsOf(name), wishes);
  expect(plan.causes).toEqual([]);
  expect(plan.steps.map(({ id }) => id)).toEqual(expect.arrayContaining([...steps]));
});

test('where nothing tells how it starts, that is said with what to do', async () => {
  const plan = preparationPlan(await factsOf('bare'), wishes);
  expect(plan.causes).toEqual([expect.objectContaining({ reason: 'BootLoaderUnknown', fix: expect.stringContaining('intel_iommu=on') })]);
});

test.skipIf(process.geteuid?.() === 0)('what only root may read is not taken for what is not there', async () => {
  const root = tempDir();
  writeComputer(root, computerTrees.arch);
  chmodSync(join(root, 'boot'), 0o000);
  try {
    const facts = await createPreparation({ root, user: ada }).facts();
    expect(facts.bootLoader).toEqual({ type: 'unknown', unreadable: '/boot/loader/entries' });
    expect(preparationPlan(facts, wishes).causes[0]?.message).toContain('root alone');
  } finally {
    chmodSync(join(root, 'boot'), 0o755);
  }
});
