// Owns forms and worlds for the wizard's tests.
// Must not hold tests.
import type { CatalogImage, ComputerReport, ImageInspection } from '../../../electron/api/computer.ts';
import { type CreateForm, emptyForm } from '../../../renderer/features/create/form.ts';
import { type World, emptyWorld } from '../../../renderer/features/create/suggestions.ts';

export const computer: ComputerReport = {
  hostname: 'desk',
  version: '0.1.0',
  checks: [{ id: 'debian-build', state: 'ok', message: 'mmdebstrap is here.' }],
  cpus: { threads: 8, model: 'Example CPU' },
  memory: { totalMiB: 16_384, availableMiB: 8192 },
  pool: { path: '/var/pool', totalBytes: 500e9, freeBytes: 100 * 1024 ** 3 },
  accelerator: { inUse: 'kvm', message: 'KVM works.' },
  user: {
    name: 'anna',
    home: '/home/anna',
    sshPublicKeys: [
      { file: '/home/anna/.ssh/id_ed25519.pub', type: 'ssh-ed25519', comment: 'anna@desk', line: 'ssh-ed25519 AAAAC3 anna@desk' },
    ],
  },
};

export const fedora: CatalogImage = {
  id: 'fedora-43',
  os: 'fedora',
  name: 'Fedora Cloud',
  version: '43',
  type: 'cloud-image',
  arch: 'amd64',
  url: 'https://example.org/fedora-43.qcow2',
  sizeBytes: 512e6,
  format: 'qcow2',
  checksum: { algorithm: 'sha256', value: 'ab'.repeat(32) },
  minMemoryMiB: 1024,
  minDiskGiB: 5,
  cloudInit: true,
  defaultUser: 'fedora',
};

export const netinst: CatalogImage = {
  ...fedora,
  id: 'debian-13-netinst',
  os: 'debian',
  name: 'Debian installer',
  type: 'installer',
  format: 'iso',
  url: 'https://example.org/debian-13-netinst.iso',
  sizeBytes: 700 * 1024 ** 2,
  cloudInit: false,
};

export function inspection(change: Partial<ImageInspection> = {}): ImageInspection {
  return {
    path: '/home/anna/web.qcow2',
    format: 'qcow2',
    virtualSizeBytes: 8 * 1024 ** 3,
    actualSizeBytes: 1024 ** 3,
    causes: [],
    ...change,
  };
}

export function world(change: Partial<World> = {}): World {
  const known = { computer, ...change };
  return { ...emptyWorld, ...(known.computer === undefined ? {} : { user: known.computer.user }), ...known };
}

/** An empty form named `web` with the given parts replaced. */
export function form(
  change: { readonly [K in keyof CreateForm]?: CreateForm[K] extends object ? Partial<CreateForm[K]> : CreateForm[K] } = {},
): CreateForm {
  const base = { ...emptyForm(), name: 'web' };
  const merged = Object.entries(change).map(([key, value]) => {
    const before = base[key as keyof CreateForm];
    return [key, typeof before === 'object' ? { ...before, ...(value as object) } : value];
  });
  return { ...base, ...(Object.fromEntries(merged) as Partial<CreateForm>) };
}
