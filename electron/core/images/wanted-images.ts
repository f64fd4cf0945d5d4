// Owns which container images a run needs: those of its container disks, and those of a kernel that it boots directly.
// Must not know what was pulled.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';

export interface WantedImage {
  /** Of the volume; a kernel's files have names that no volume can have. */
  readonly name: string;
  readonly image: string;
  /** Of the file in the image, without a slash in front; undefined: the only one in `disk/`. */
  readonly path?: string;
  readonly pullPolicy?: string;
  readonly pullSecret?: string;
  /** What is to become a disk is inspected; a kernel is taken as it is. */
  readonly as: 'disk' | 'file';
}

export const kernelNames = { kernel: 'kernelBoot/kernel', initrd: 'kernelBoot/initrd' } as const;

export function wantedImages({ spec }: Pick<VirtualMachineInstance, 'spec'>): readonly WantedImage[] {
  const { container } = spec.domain.firmware?.kernelBoot ?? {};
  const disks = (spec.volumes ?? []).flatMap(({ name, containerDisk }) =>
    containerDisk === undefined ? [] : [wanted(containerDisk, { name, as: 'disk', path: containerDisk.path })],
  );
  if (container === undefined) return disks;
  const files = [
    { name: kernelNames.kernel, path: container.kernelPath },
    { name: kernelNames.initrd, path: container.initrdPath },
  ].filter(({ path = '' }) => path !== '');
  return [...disks, ...files.map((file) => wanted(container, { ...file, as: 'file' }))];
}

interface Source {
  readonly image: string;
  readonly imagePullPolicy?: string;
  readonly imagePullSecret?: string;
}

function wanted(
  { image, imagePullPolicy, imagePullSecret }: Source,
  { name, as, path }: Pick<WantedImage, 'name' | 'as'> & { readonly path?: string | undefined },
): WantedImage {
  const inImage = path?.replace(/^\/+|\/+$/g, '') ?? '';
  return {
    name,
    image,
    as,
    ...(inImage === '' ? {} : { path: inImage }),
    ...(imagePullPolicy === undefined ? {} : { pullPolicy: imagePullPolicy }),
    ...(imagePullSecret === undefined || imagePullSecret === '' ? {} : { pullSecret: imagePullSecret }),
  };
}
