// Owns noting what QEMU tells of this computer's devices in a machine: one went, or the guest keeps it.
// Must not act on it; device-hotplug.ts looks again.
import type { MachineFact } from '../core/facts.ts';
import type { Guest } from './machines.ts';

const told: readonly string[] = ['DEVICE_DELETED', 'DEVICE_UNPLUG_GUEST_ERROR'];

export function hearDevice(guest: Guest, { event, data }: Extract<MachineFact, { readonly type: 'QmpEvent' }>): void {
  const { device } = data;
  if (!told.includes(event) || typeof device !== 'string' || !device.startsWith('host-')) return;
  if (event === 'DEVICE_DELETED') guest.keptDevices.delete(device);
  else guest.keptDevices.add(device);
  guest.hostDevices = undefined;
}
