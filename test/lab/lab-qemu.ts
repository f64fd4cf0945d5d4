// Owns the QEMU that runs the outer machine: this computer's own, or a newer one of Debian, unpacked and never installed.
// Must not know what the machine is made of.
import path from 'node:path';
import { newerQemuFolder } from '../guests/newer-qemu.ts';

/** `backports` is QEMU 10: it has `igb`, a card with SR-IOV that Linux can drive, and a virtio-iommu that firmware tells of. */
export type LabQemuChoice = 'backports';

/** Its program. */
export async function labQemu(choice?: LabQemuChoice): Promise<string> {
  return choice === undefined ? 'qemu-system-x86_64' : path.join(await newerQemuFolder(), 'qemu-system-x86_64');
}
