// Owns what a machine gets without asking: screen, tablet, sound.
// Must not write any option; the families do.
import { annotations } from '../../api/annotations.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';

/** Id of the one audio backend, which the card feeds and VNC reads. */
export const audioBackend = 'audio0';

export function hasGraphics({ spec }: VirtualMachineInstance): boolean {
  return spec.domain.devices.autoattachGraphicsDevice ?? true;
}

export function hasSound(vmi: VirtualMachineInstance): boolean {
  return vmi.spec.domain.devices.sound !== undefined || hasGraphics(vmi);
}

/** Says the catalogue's id, such as `windows11`. */
export function isWindows({ metadata }: VirtualMachineInstance): boolean {
  return metadata.annotations?.[annotations.guestOs]?.startsWith('windows') ?? false;
}
