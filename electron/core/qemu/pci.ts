// Owns the PCI address of everything: which slot each role has, so that a guest sees the same hardware on every start.
// Must not depend on what else the machine has: adding a disk must not rename a network interface in the guest.
import type { JsonObject } from '../../api/object.ts';

/** Slots of the root complex for what never comes or goes while the guest runs. 0x1f is the chipset's. */
const fixedSlots = {
  display: 0x01,
  networkPorts: 0x02,
  memory: 0x07,
  scsi: 0x08,
  serial: 0x09,
  balloon: 0x0a,
  rng: 0x0b,
  usb: 0x0c,
  input: 0x0d,
  watchdog: 0x0e,
  panic: 0x0f,
  // Up to eight NICs of the conventional kind: a root port takes PCI Express only.
  conventionalNetwork: 0x10,
  // Where a real ICH9 has it, and where libvirt puts it.
  sound: 0x1b,
} as const;

/** Slots whose functions are the root ports of disks, eight in each. */
const diskPortSlots = [0x03, 0x04, 0x05, 0x06] as const;

export const portsPerSlot = 8;
export const maxNetworkPorts = portsPerSlot;
export const maxDiskPorts = diskPortSlots.length * portsPerSlot;

/** Slots whose functions are the root ports of this computer's devices. */
const hostPortSlots = [0x18, 0x19] as const;
export const maxHostPorts = hostPortSlots.length * portsPerSlot;

export function hostPortId(index: number): string {
  return `port-host${index}`;
}

/** `addr` of the port. */
export function hostPortAddress(index: number): string {
  return `${hex(hostPortSlots[Math.floor(index / portsPerSlot)] ?? 0)}.${hex(index % portsPerSlot)}`;
}

/** `bus` and `addr` of one function of the card at a port. */
export function onPortOfCard(port: string, pciFunction: number): JsonObject {
  return { bus: port, addr: `${hex(0)}.${hex(pciFunction)}` };
}

export type FixedSlot = Exclude<keyof typeof fixedSlots, 'networkPorts'>;

/** `bus` and `addr` of a device that sits on the root complex itself. */
export function onRootComplex(role: FixedSlot, offset = 0): JsonObject {
  return { bus: 'pcie.0', addr: hex(fixedSlots[role] + offset) };
}

/** The same for virtio: off a root port QEMU would add the legacy I/O window, which nothing here needs. */
export function virtioOnRootComplex(role: FixedSlot, offset = 0): JsonObject {
  return { 'disable-legacy': 'on', ...onRootComplex(role, offset) };
}

/** Hot-pluggable: its own root port. */
export function onPort(kind: 'network' | 'disk', index: number): JsonObject {
  return { bus: portId(kind, index), addr: hex(0) };
}

export function portId(kind: 'network' | 'disk', index: number): string {
  return `port-${kind === 'network' ? 'net' : 'disk'}${index}`;
}

/** `addr` of a root port, such as `0x3.0x1`. */
export function portAddress(kind: 'network' | 'disk', index: number): string {
  const slot = kind === 'network' ? fixedSlots.networkPorts : (diskPortSlots[Math.floor(index / portsPerSlot)] ?? 0);
  return `${hex(slot)}.${hex(index % portsPerSlot)}`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
