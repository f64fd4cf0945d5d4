// Owns what a guest is told, what was set aside for it, and how far its balloon may go.
// Must not know how much memory there is.
import type { NoBalloon } from '../../api/memory.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { mebibytesOf } from '../../api/quantity.ts';
import { asksForDevices } from '../devices/assignment.ts';
import { guestMemory } from '../qemu/devices/memory.ts';
import { hotplugMemoryMiB } from '../reconcile/growth.ts';

export interface MemoryPromise {
  readonly guestMiB: number;
  /** Set aside for the guest, without what its processes need. */
  readonly requestMiB: number;
  /** What is always left to the guest. */
  readonly floorMiB: number;
  /** Absent: memory may be taken back down to the floor. */
  readonly noBalloon?: NoBalloon;
}

export function memoryPromise(vmi: VirtualMachineInstance): MemoryPromise {
  const { domain } = vmi.spec;
  const guestMiB = guestMemory(vmi)?.mib ?? 0;
  const asked = mebibytesOf(domain.resources?.requests?.['memory']) ?? 0;
  const requestMiB = asked > 0 ? asked : guestMiB;
  const noBalloon = noBalloonReason(vmi, requestMiB < guestMiB);
  return {
    guestMiB,
    requestMiB,
    floorMiB: noBalloon === undefined ? requestMiB : guestMiB,
    ...(noBalloon === undefined ? {} : { noBalloon }),
  };
}

function noBalloonReason({ spec: { domain } }: VirtualMachineInstance, isOvercommitted: boolean): NoBalloon | undefined {
  if (domain.memory?.hugepages !== undefined) return 'HugePages';
  // A device reaches all of the guest's memory by itself, so all of it is pinned.
  if (asksForDevices({ domain })) return 'Passthrough';
  if (domain.cpu?.dedicatedCpuPlacement === true) return 'OwnCpus';
  if (domain.devices.autoattachMemBalloon === false) return 'NoDevice';
  // Blocks that virtio-mem plugs in or takes out and pages that a balloon holds would be counted twice.
  if (hotplugMemoryMiB(domain) > 0) return 'Growing';
  return isOvercommitted ? undefined : 'NotOvercommitted';
}
