// Owns which USB devices of this computer reach a machine while it runs, and which leave it.
// Must not plug; engine/usb-hotplug.ts makes the machine what its run says.
import { annotations } from '../../api/annotations.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { heldByName, usbPortsOf } from '../devices/assignment.ts';
import { hostDeviceOptions } from '../devices/device-options.ts';
import { hasUsbController } from '../qemu/devices/input.ts';
import { sameJson } from '../status/same-json.ts';
import type { Run } from './next-run.ts';

type Entry = NonNullable<VirtualMachineInstance['spec']['domain']['devices']['hostDevices']>[number];

/**
 * The run with the USB devices of its definition; the very same when nothing is to be done. What sits on PCI needs another machine.
 * A name that another device is still behind has to be free first.
 */
export function withUsbOf(vmi: VirtualMachineInstance, wanted: Run, names: ReadonlySet<string>): VirtualMachineInstance {
  const held = heldByName(vmi);
  const has = entriesOf(vmi);
  const asked = entriesOf(wanted);
  const isUsb = ({ name, deviceName = '' }: Entry): boolean => names.has(deviceName) || usbPortsOf(held[name]).length > 0;
  const mayCome = hasUsbController(vmi) || Object.values(held).some((one) => usbPortsOf(one).length > 0);
  const isNew = (entry: Entry): boolean =>
    mayCome && isUsb(entry) && held[entry.name] === undefined && has.every(({ name }) => name !== entry.name);
  const came = asked.filter(isNew);
  const kept = asked.filter((entry) => came.includes(entry) || has.some((one) => sameJson(one, entry)));
  const stuck = has.filter((entry) => !isUsb(entry) && !asked.some((one) => sameJson(one, entry)));
  const next = [...kept, ...stuck];
  if (sameJson(next, has)) return vmi;
  const { hostDevices: _before, ...devices } = vmi.spec.domain.devices;
  // An empty list is not the same as none to who compares the run with its definition.
  const hasList = next.length > 0 || wanted.spec.domain.devices.hostDevices !== undefined;
  const spec = {
    ...vmi.spec,
    domain: { ...vmi.spec.domain, devices: hasList ? { ...devices, hostDevices: next } : devices },
  };
  return { ...vmi, spec, metadata: withOptions(vmi.metadata, wanted, came) };
}

/** Which port, and whether it may be missing, comes along with a device. */
function withOptions(
  metadata: VirtualMachineInstance['metadata'],
  wanted: Run,
  came: readonly Entry[],
): VirtualMachineInstance['metadata'] {
  const { options } = hostDeviceOptions(wanted.metadata.annotations);
  const added = Object.entries(options).filter(([name]) => came.some((entry) => entry.name === name));
  if (added.length === 0) return metadata;
  const text = JSON.stringify({ ...hostDeviceOptions(metadata.annotations).options, ...Object.fromEntries(added) });
  return { ...metadata, annotations: { ...metadata.annotations, [annotations.hostDeviceOptions]: text } };
}

function entriesOf({ spec }: Pick<VirtualMachineInstance, 'spec'>): readonly Entry[] {
  return spec.domain.devices.hostDevices ?? [];
}

export interface UsbWork {
  readonly plug: readonly Entry[];
  /** Names, each with the ports that it has. */
  readonly unplug: readonly { readonly name: string; readonly ports: readonly string[] }[];
}

export function usbWork(vmi: VirtualMachineInstance, names: ReadonlySet<string>): UsbWork {
  const held = heldByName(vmi);
  const entries = entriesOf(vmi);
  const gpus = vmi.spec.domain.devices.gpus ?? [];
  return {
    plug: entries.filter(({ name, deviceName = '' }) => names.has(deviceName) && held[name] === undefined),
    unplug: Object.entries(held)
      .map(([name, one]) => ({ name, ports: usbPortsOf(one) }))
      .filter(({ name, ports }) => ports.length > 0 && [...entries, ...gpus].every((entry) => entry.name !== name)),
  };
}
