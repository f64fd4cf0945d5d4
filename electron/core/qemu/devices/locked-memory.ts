// Owns how much memory QEMU must be let to lock for devices that write to it by themselves, and why it may not.
// Must not raise the limit.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import { mebibytesOf } from '../../../api/quantity.ts';
import type { DeviceFacts } from '../../devices/assignment.ts';
import { hotplugMemoryMiB } from '../../reconcile/growth.ts';
import { hasGraphics } from '../attached.ts';
import { guestMemory } from './memory.ts';

const videoMiB = 16;
const reserveMiB = 64;

/**
 * VFIO locks all of the guest's memory, and what the emulated screen shows when its firmware maps it; measured on QEMU 7.2: too little
 * for the first is an error at the start, for the second an abort five seconds later. One container serves every device. Memory that
 * may be plugged in later is locked when it comes, and nobody is asked again then.
 */
export function lockedMemoryMiB(vmi: VirtualMachineInstance): number {
  return (guestMemory(vmi)?.mib ?? 0) + hotplugMemoryMiB(vmi.spec.domain) + (hasGraphics(vmi) ? videoMiB : 0) + reserveMiB;
}

export function lockCauses(lockedMiB: number, { lockLimitBytes, mayRaiseLockLimit }: DeviceFacts): readonly Cause[] {
  if (lockLimitBytes === undefined || mayRaiseLockLimit) return [];
  const limitMiB = Math.floor(lockLimitBytes / 1024 ** 2);
  if (limitMiB >= lockedMiB) return [];
  return [
    {
      reason: 'MemlockShort',
      field: 'spec.domain.memory.guest',
      message: `With devices of this computer all memory is locked: ${lockedMiB} MiB; you may lock ${limitMiB} MiB.`,
      fix: `As an administrator: add "@kvm - memlock ${lockedMiB * 1024}" to a file in /etc/security/limits.d, and log in again.`,
    },
  ];
}

/** Memory that a device may write to at any time cannot be somebody else's. */
export function overcommitCauses({ spec: { domain } }: VirtualMachineInstance): readonly Cause[] {
  const guest = mebibytesOf(domain.memory?.guest);
  const request = mebibytesOf(domain.resources?.requests?.memory);
  if (guest === undefined || request === undefined || request >= guest) return [];
  return [
    {
      reason: 'OvercommitWithHostDevices',
      field: 'spec.domain.resources.requests.memory',
      message: `All ${guest} MiB of a machine with devices of this computer are locked; only ${request} MiB are asked for.`,
      fix: 'Ask for as much as the guest has, or take the devices out.',
    },
  ];
}
