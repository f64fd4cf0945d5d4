// Owns what a running machine has of this computer's devices, beside what its definition names.
// Must not plug anything; the core makes the machine what its definition says.
import { annotations } from '../../../electron/api/annotations.ts';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';

/** `releasing`: it is not named any more, and the machine has not let go of it yet. */
export type HostDeviceState =
  | { readonly id: 'plugged' | 'releasing'; readonly name: string; readonly addresses: readonly string[] }
  | { readonly id: 'waiting'; readonly name: string };

/** Of each name, and of what the machine still has; nothing for one that does not run. */
export function hostDeviceStates(names: readonly string[], vmi: VirtualMachineInstance | undefined): readonly HostDeviceState[] {
  if (vmi?.status?.phase !== 'Running') return [];
  const held = heldOf(vmi);
  const named = names.map((name): HostDeviceState => {
    const addresses = held[name];
    return addresses === undefined ? { id: 'waiting', name } : { id: 'plugged', name, addresses };
  });
  const leaving = Object.entries(held).filter(([name]) => !names.includes(name));
  return [...named, ...leaving.map(([name, addresses]): HostDeviceState => ({ id: 'releasing', name, addresses }))];
}

/** Without the groups that they are of: `usb 1-2`. */
function heldOf({ metadata }: VirtualMachineInstance): Readonly<Record<string, readonly string[]>> {
  const text = metadata.annotations?.[annotations.hostDevices];
  if (text === undefined) return {};
  const held = JSON.parse(text) as Readonly<Record<string, readonly string[]>>;
  return Object.fromEntries(Object.entries(held).map(([name, addresses]) => [name, addresses.filter((one) => !one.startsWith('usb '))]));
}
