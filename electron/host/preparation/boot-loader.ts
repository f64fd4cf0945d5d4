// Owns finding how this computer starts its kernel, by what is there and by what the loader left behind.
// Must not guess: where nothing tells, it is unknown.
import type { BootLoader } from '../../core/preparation/preparation-facts.ts';
import type { ComputerFiles } from './computer-files.ts';

/** Boot loaders that keep systemd's Boot Loader Interface leave their name here, as UTF-16 behind four bytes of attributes. */
const loaderInfo = '/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f';

export async function findBootLoader(files: ComputerFiles, cmdline: string): Promise<BootLoader> {
  if ((await files.has('/run/ostree-booted')) && (await files.program('rpm-ostree')) !== undefined) return { type: 'rpm-ostree' };
  // Its own tool copies kernels and lines to partitions that are not mounted.
  if (await files.has('/etc/kernel/proxmox-boot-uuids')) return { type: 'unknown' };
  const started = await startedBy(files, cmdline);
  const finders = started === 'systemd-boot' ? [systemdBoot, grub] : started === 'grub' ? [grub] : [grub, systemdBoot];
  for (const find of finders) {
    const found = await find(files);
    if (found !== undefined) return found;
  }
  return { type: 'unknown' };
}

async function startedBy(files: ComputerFiles, cmdline: string): Promise<'systemd-boot' | 'grub' | undefined> {
  const info = (await files.text(loaderInfo)).replaceAll('\0', '');
  if (/systemd-boot/i.test(info)) return 'systemd-boot';
  // GRUB puts the kernel's own path in front of its arguments.
  if (/GRUB/.test(info) || /(?:^|\s)BOOT_IMAGE=/.test(cmdline)) return 'grub';
  return undefined;
}

async function grub(files: ComputerFiles): Promise<BootLoader | undefined> {
  if (!(await files.has('/etc/default/grub'))) return undefined;
  // Debian's name for grub-mkconfig; where it is not, and grubby is, the entries are grubby's to change.
  const debian = await files.program('update-grub');
  if (debian !== undefined) return { type: 'grub', generator: 'update-grub', dropIns: await readsDropIns(files, 'grub-mkconfig') };
  if ((await files.program('grubby')) !== undefined) return { type: 'grubby' };
  for (const generator of ['grub2-mkconfig', 'grub-mkconfig'] as const) {
    if ((await files.program(generator)) !== undefined) return { type: 'grub', generator, dropIns: await readsDropIns(files, generator) };
  }
  return undefined;
}

/** Distributions patch it in; the generator is a script that names the folder when it does. */
async function readsDropIns(files: ComputerFiles, generator: string): Promise<boolean> {
  const program = await files.program(generator);
  return program !== undefined && /default\/grub\.d/.test(await files.text(program));
}

const places = {
  '/boot': 'loader-entry-boot',
  '/efi': 'loader-entry-efi',
  '/boot/efi': 'loader-entry-boot-efi',
} as const;

async function systemdBoot(files: ComputerFiles): Promise<BootLoader | undefined> {
  // Entries are then made anew from this file with each kernel.
  if ((await files.program('kernel-install')) !== undefined && (await files.has('/etc/kernel/cmdline'))) return { type: 'kernel-install' };
  for (const [place, folder] of Object.entries(places) as [keyof typeof places, (typeof places)[keyof typeof places]][]) {
    const names = await files.names(`${place}/loader/entries`);
    if (names === 'unreadable') return { type: 'unknown', unreadable: `${place}/loader/entries` };
    const found = (names ?? []).filter((name) => name.endsWith('.conf'));
    if (found.length === 0) continue;
    const token = (await files.text('/etc/kernel/entry-token')).trim() || (await files.text('/etc/machine-id')).trim();
    if (token !== '' && found.some((name) => name.startsWith(`${token}-`)) && (await files.program('kernel-install')) !== undefined) {
      return { type: 'kernel-install' };
    }
    const entries = await Promise.all(found.map(async (name) => ({ name, read: await files.read(`${place}/loader/entries/${name}`) })));
    if (entries.some(({ read }) => read === 'unreadable')) return { type: 'unknown', unreadable: `${place}/loader/entries` };
    return {
      type: 'systemd-boot',
      folder,
      entries: entries.flatMap(({ name, read }) => (typeof read === 'object' ? [{ name, text: read.text }] : [])),
    };
  }
  return undefined;
}
