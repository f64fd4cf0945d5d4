// Owns what QEMU and the kernel say when a device of this computer cannot be taken, each with what to do.
// Must not hold texts of other devices; early-exit.ts does.
import type { KnownText } from './known-text.ts';

const device = String.raw`vfio (?:\S*\/)?([0-9a-f:.]+|[0-9a-f-]{36}): `;

/** The specific before the general. All measured on QEMU 7.2 and Linux 6.1. */
export const vfioTexts: readonly KnownText[] = [
  {
    reason: 'HostDeviceInUse',
    pattern: new RegExp(`${device}failed to open /dev/vfio/\\d+: Device or resource busy`),
    message: ([, address]) => `Another machine or program has the IOMMU group of ${address}.`,
    fix: 'Stop it; a group can be open once.',
  },
  {
    reason: 'HostDeviceDenied',
    pattern: new RegExp(`${device}failed to open (/dev/vfio/\\d+): (?:Permission denied|Operation not permitted)`),
    message: ([, address, file]) => `This user may not open ${file}, the IOMMU group of ${address}.`,
    fix: 'Hand it to VFIO in Host devices, which makes it yours.',
  },
  {
    reason: 'HostDeviceNotBound',
    pattern: new RegExp(`${device}failed to open /dev/vfio/\\d+: No such file or directory`),
    message: ([, address]) => `VFIO does not have ${address}: another driver drives it, or none.`,
    fix: 'Hand it to VFIO in Host devices.',
  },
  {
    reason: 'GroupNotViable',
    pattern: new RegExp(`${device}group \\d+ is not viable`),
    message: ([, address]) => `This computer uses another device of the IOMMU group of ${address}.`,
    fix: 'Hand the whole group to VFIO in Host devices.',
  },
  {
    reason: 'NoIommu',
    pattern: new RegExp(`${device}no iommu_group found`),
    message: ([, address]) => `${address} has no IOMMU group: the IOMMU is off, or there is none.`,
    fix: 'See Host devices: it tells what to switch on.',
  },
  {
    reason: 'HostDeviceMissing',
    pattern: new RegExp(`${device}no such host device`),
    message: ([, address]) => `This computer has no device ${address} any more.`,
    fix: 'Plug it in, or take it out of the machine.',
  },
  {
    reason: 'MemlockShort',
    pattern: /VFIO_MAP_DMA failed: Cannot allocate memory|vfio_dma_map\(.*\) = -12/,
    message: () => "All of the machine's memory has to be locked, and this user may not lock so much.",
    fix: 'As an administrator: raise memlock in /etc/security/limits.d to the memory of the machine and 80 MiB more, and log in again.',
  },
  {
    reason: 'MemlockShort',
    pattern: /vfio: DMA mapping failed, unable to continue/,
    message: () => 'The memory of its screen could not be locked beside that of the machine, and QEMU gave up.',
    fix: 'As an administrator: raise memlock in /etc/security/limits.d by 16 MiB and more for each screen, and log in again.',
  },
  {
    reason: 'NoInterruptRemapping',
    pattern: /Failed to set iommu for container: Operation not permitted/,
    message: () => 'Interrupts of devices are not remapped: the kernel refuses to pass devices through.',
    fix: 'Switch on interrupt remapping (or x2APIC) in the firmware setup. Where there is none: vfio_iommu_type1.allow_unsafe_interrupts=1 on the kernel command line, which lets a guest forge interrupts of this computer.',
  },
  {
    reason: 'UsbDeviceDenied',
    pattern: /libusb_open: -3 \[ERROR_ACCESS\]|failed to open (\/dev\/bus\/usb\/\S+): Permission denied/,
    message: () => 'This user may not open a USB device of the machine.',
    fix: 'Let a udev rule give it to you (TAG+="uaccess", or GROUP="kvm").',
  },
];
