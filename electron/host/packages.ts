// Owns which package of this system contains what is missing, and the command that installs it.
// Must not run the command.
import { readIfThere } from './proc.ts';

export type PackageFamily = 'debian' | 'fedora' | 'arch' | 'suse' | 'unknown';

/** What can be missing. */
export type Part = 'qemu' | 'qemu-img' | 'ovmf' | 'swtpm' | 'mmdebstrap' | 'uidmap';

const commands: Readonly<Record<Exclude<PackageFamily, 'unknown'>, string>> = {
  debian: 'sudo apt-get install',
  fedora: 'sudo dnf install',
  arch: 'sudo pacman -S',
  suse: 'sudo zypper install',
};

const names: Readonly<Record<Part, Readonly<Record<Exclude<PackageFamily, 'unknown'>, string>>>> = {
  qemu: { debian: 'qemu-system-x86', fedora: 'qemu-kvm', arch: 'qemu-desktop', suse: 'qemu-x86' },
  'qemu-img': { debian: 'qemu-utils', fedora: 'qemu-img', arch: 'qemu-img', suse: 'qemu-img' },
  ovmf: { debian: 'ovmf', fedora: 'edk2-ovmf', arch: 'edk2-ovmf', suse: 'qemu-ovmf-x86_64' },
  swtpm: { debian: 'swtpm', fedora: 'swtpm', arch: 'swtpm', suse: 'swtpm' },
  mmdebstrap: { debian: 'mmdebstrap', fedora: 'mmdebstrap', arch: 'mmdebstrap', suse: 'mmdebstrap' },
  uidmap: { debian: 'uidmap', fedora: 'shadow-utils', arch: 'shadow', suse: 'shadow' },
};

/** By ID and ID_LIKE of os-release(5). */
export async function packageFamily(file = '/etc/os-release'): Promise<PackageFamily> {
  const text = (await readIfThere(file)) ?? '';
  const ids = [...text.matchAll(/^(?:ID|ID_LIKE)="?([^"\n]*)"?$/gm)].flatMap(([, value]) => (value ?? '').split(' '));
  const families = [
    ['debian', ['debian', 'ubuntu']],
    ['fedora', ['fedora', 'rhel', 'centos']],
    ['arch', ['arch']],
    ['suse', ['suse', 'opensuse']],
  ] as const;
  return families.find(([, members]) => members.some((member) => ids.includes(member)))?.[0] ?? 'unknown';
}

/** The command to copy; undefined on a system that we do not know. */
export function installCommand(family: PackageFamily, parts: readonly Part[]): string | undefined {
  if (family === 'unknown') return undefined;
  return [commands[family], ...parts.map((part) => names[part][family])].join(' ');
}
