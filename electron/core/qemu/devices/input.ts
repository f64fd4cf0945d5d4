// Owns the USB controller, and the pointer that follows the mouse of whoever looks.
// Must not own USB disks; disk-devices.ts puts them on this controller.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import { jsonOption } from '../args.ts';
import { hasGraphics } from '../attached.ts';
import { assignDevices } from '../../devices/assignment.ts';
import type { Family, FamilyFacts, Fragment } from '../fragment.ts';
import type { Devices } from '../manifest.ts';
import { onRootComplex, virtioOnRootComplex } from '../pci.ts';

export const usbControllerId = 'usb0';
export const usbBus = `${usbControllerId}.0`;

type Input = NonNullable<Devices['inputs']>[number];

export const inputFamily: Family = (vmi, facts) => {
  const { inputs = [] } = vmi.spec.domain.devices;
  const asked = inputs.map((input, index) => inputDevice(input, index));
  const tablet = hasTablet(vmi);
  const needsUsb = hasUsbController(vmi) || usesUsbDevices(vmi, facts);
  return {
    args: [
      ...(needsUsb
        ? [
            jsonOption(
              '-device',
              { driver: 'qemu-xhci', id: usbControllerId, ...onRootComplex('usb') },
              { reason: 'The controller that needs least work while idle.' },
            ),
          ]
        : []),
      ...(tablet
        ? [
            jsonOption(
              '-device',
              { driver: 'usb-tablet', id: 'tablet0', bus: usbBus },
              {
                field: 'spec.domain.devices.autoattachInputDevice',
                reason: 'Absolute positions: without it the two pointers drift apart.',
              },
            ),
          ]
        : []),
      ...asked.flatMap(({ args = [] }) => args),
    ],
    causes: asked.flatMap(({ causes = [] }) => causes),
  };
};

function hasTablet(vmi: VirtualMachineInstance): boolean {
  const { inputs = [], autoattachInputDevice = true } = vmi.spec.domain.devices;
  return hasGraphics(vmi) && autoattachInputDevice && !inputs.some(({ type }) => type === 'tablet');
}

/** Whether it has one before any device of this computer is given to it. */
function hasUsbController(vmi: VirtualMachineInstance): boolean {
  const { inputs = [] } = vmi.spec.domain.devices;
  return hasTablet(vmi) || inputs.some(({ bus = 'usb' }) => bus === 'usb') || usesUsbDisks(vmi);
}

function usesUsbDisks({ spec }: VirtualMachineInstance): boolean {
  return (spec.domain.devices.disks ?? []).some(({ disk, cdrom, lun }) => (disk ?? cdrom ?? lun)?.bus === 'usb');
}

function usesUsbDevices(vmi: VirtualMachineInstance, { placement, binding }: FamilyFacts): boolean {
  if (placement.devices === undefined) return false;
  return assignDevices(vmi, placement.devices, binding.node).given.some(({ grant }) => grant.devices.some(({ type }) => type === 'usb'));
}

function inputDevice({ name, type, bus = 'usb' }: Input, index: number): Fragment {
  const field = `spec.domain.devices.inputs[${index}]`;
  const driver = drivers[type]?.[bus];
  if (driver === undefined) return { causes: [unknownInput({ type, bus, field })] };
  const at = bus === 'virtio' ? virtioOnRootComplex('input', 0) : { bus: usbBus };
  return { args: [jsonOption('-device', { driver, id: `input-${name}`, ...at }, { field })] };
}

const drivers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  tablet: { usb: 'usb-tablet', virtio: 'virtio-tablet-pci' },
  keyboard: { usb: 'usb-kbd', virtio: 'virtio-keyboard-pci' },
};

function unknownInput({ type, bus, field }: { readonly type: string; readonly bus: string; readonly field: string }): Cause {
  return {
    reason: 'FieldValueNotSupported',
    field,
    message: `There is no input device of type ${type} on bus ${bus}.`,
    fix: 'Use type tablet or keyboard, on bus usb or virtio.',
  };
}
