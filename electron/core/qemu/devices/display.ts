// Owns the screen: the graphics card and the VNC socket.
// Must not encode a pixel.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import type { JsonObject } from '../../../api/object.ts';
import { jsonOption, keyedOption } from '../args.ts';
import { audioBackend, hasGraphics, hasSound, isWindows } from '../attached.ts';
import type { QemuCapabilities } from '../../facts.ts';
import type { Family } from '../fragment.ts';
import { onRootComplex, virtioOnRootComplex } from '../pci.ts';
import { runtimePaths } from '../runtime-paths.ts';

const field = 'spec.domain.devices.video.type';

export const displayFamily: Family = (vmi, facts) => {
  // Said aloud: a QEMU that was built with a window would open one.
  const noWindow = keyedOption('-display', { head: 'none' }, { field: 'spec.domain.devices.autoattachGraphicsDevice' });
  if (!hasGraphics(vmi)) return { args: [noWindow] };
  const { vncSocket } = runtimePaths(facts);
  const type = vmi.spec.domain.devices.video?.type ?? defaultType(vmi, facts.host.qemu);
  const card = cards[type];
  return {
    args: [
      noWindow,
      keyedOption(
        '-vnc',
        { head: `unix:${vncSocket}`, pairs: hasSound(vmi) ? { audiodev: audioBackend } : {} },
        {
          field: 'spec.domain.devices.autoattachGraphicsDevice',
          reason: 'A socket in a private folder: who may open the file may see the screen.',
        },
      ),
      ...(card === undefined ? [] : [jsonOption('-device', { ...card, id: 'video0' }, { field })]),
    ],
    sockets: { vnc: vncSocket },
    causes: card === undefined ? [unknownType(type)] : [],
  };
};

const cards: Readonly<Record<string, JsonObject>> = {
  vga: { driver: 'VGA', ...onRootComplex('display') },
  // VGA until the guest's driver takes over: firmware, boot loaders and old kernels see an ordinary card.
  virtio: { driver: 'virtio-vga', ...virtioOnRootComplex('display') },
  bochs: { driver: 'bochs-display', ...onRootComplex('display') },
  cirrus: { driver: 'cirrus-vga', ...onRootComplex('display') },
  ramfb: { driver: 'ramfb' },
};

/**
 * virtio: the guest's screen follows the size of the window, and nothing scans video memory for changes.
 * Windows has no driver for it in the box and would be held at the firmware's resolution; some distributions ship the card as
 * a module of QEMU that may not be installed.
 */
function defaultType(vmi: VirtualMachineInstance, qemu: QemuCapabilities | undefined): string {
  return isWindows(vmi) || qemu?.types.has('virtio-vga') === false ? 'vga' : 'virtio';
}

function unknownType(type: string): Cause {
  return {
    reason: 'FieldValueNotSupported',
    field,
    message: `There is no video type ${type}.`,
    fix: `Use ${Object.keys(cards).join(', ')}, or leave it out.`,
  };
}
