// Owns what a machine's processes need beside the guest's memory, line by line, so that it can be shown and added up.
// Must not decide what the guest is given. Measured on QEMU 7.2 (RSS over guest memory); KubeVirt's formula also pays for processes that are not here.
import type { OverheadPart } from '../../api/charge.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { askedDeviceCount } from '../devices/assignment.ts';
import { guestMemory } from '../qemu/devices/memory.ts';
import { translationBufferMiB } from '../qemu/devices/accelerator.ts';
import { ioThreadsOf } from '../qemu/io-threads.ts';
import { topologyOf } from '../qemu/topology.ts';

export interface OverheadLine {
  readonly what: OverheadPart;
  readonly mib: number;
}

const qemuMiB = 64;
const perVcpuMiB = 4;
const perIoThreadMiB = 1;
const videoMiB = 16;
const firmwareMiB = 8;
const tpmMiB = 8;
const perPassedDeviceMiB = 16;
// Two bytes of page tables for each KiB: 8 bytes a page of 4 KiB. Huge pages need next to none.
const guestMiBPerPageTableMiB = 512;

/** What QEMU and its companions take, in MiB, without the guest's own memory. */
export function memoryOverhead(vmi: VirtualMachineInstance, accelerator: 'kvm' | 'tcg'): readonly OverheadLine[] {
  const { devices, firmware, memory } = vmi.spec.domain;
  const guestMiB = guestMemory(vmi)?.mib ?? 0;
  const lines: readonly OverheadLine[] = [
    { what: 'Qemu', mib: qemuMiB },
    { what: 'Vcpus', mib: topologyOf(vmi).vcpus * perVcpuMiB },
    { what: 'IoThreads', mib: ioThreadsOf(vmi).args.length * perIoThreadMiB },
    { what: 'Video', mib: devices.autoattachGraphicsDevice === false ? 0 : videoMiB },
    { what: 'PageTables', mib: memory?.hugepages === undefined ? Math.ceil(guestMiB / guestMiBPerPageTableMiB) : 0 },
    { what: 'Firmware', mib: firmware?.bootloader?.efi === undefined ? 0 : firmwareMiB },
    { what: 'Translation', mib: accelerator === 'tcg' ? translationBufferMiB : 0 },
    { what: 'Passthrough', mib: askedDeviceCount(vmi.spec) * perPassedDeviceMiB },
    { what: 'Tpm', mib: devices.tpm === undefined || devices.tpm.enabled === false ? 0 : tpmMiB },
  ];
  return lines.filter(({ mib }) => mib > 0);
}

export function overheadMiB(vmi: VirtualMachineInstance, accelerator: 'kvm' | 'tcg'): number {
  return memoryOverhead(vmi, accelerator).reduce((sum, { mib }) => sum + mib, 0);
}
