// Owns the QEMU that runs the outer machine: this computer's own, or a newer one of Debian, unpacked and never installed.
// Must not know what the machine is made of.
import path from 'node:path';
import { unpackedPackages } from '../guests/debian-packages.ts';

/** `backports` is QEMU 10: it has `igb`, a card with SR-IOV that Linux can drive, and a virtio-iommu that firmware tells of. */
export type LabQemuChoice = 'backports';

export interface LabQemu {
  readonly program: string;
  readonly args: readonly string[];
}

export async function labQemu(choice?: LabQemuChoice): Promise<LabQemu> {
  if (choice === undefined) return { program: 'qemu-system-x86_64', args: [] };
  const root = await unpackedPackages(['qemu-system-x86', 'qemu-system-common', 'qemu-system-data', 'seabios'], 'bookworm-backports');
  // Before its own folders, which are those of the QEMU that is installed. What cards boot by (iPXE) is taken from there.
  const data = ['usr/share/qemu', 'usr/share/seabios'].flatMap((folder) => ['-L', path.join(root, folder)]);
  return { program: path.join(root, 'usr/bin/qemu-system-x86_64'), args: data };
}
