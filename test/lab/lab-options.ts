// Owns what an outer machine of the lab can be made of, and the QEMU arguments that make it.
// Must not start anything.

import { type DebianDisk, diskArguments } from './debian-disk.ts';
import type { LabKernelChoice } from './lab-kernel.ts';
import type { LabQemuChoice } from './lab-qemu.ts';

/** `untold`: Intel's, and the kernel hears nothing of it. `unmapped`: Intel's, which does not remap interrupts. `virtio` needs the newer kernel. */
export type LabIommu = 'intel' | 'untold' | 'unmapped' | 'amd' | 'virtio' | 'none';

/** Spare PCI devices that nothing in the lab needs: theirs is to be bound, passed on and taken back. */
export type LabDevice = keyof typeof spareDevices;

export interface LabOptions {
  /** Debian's of this computer's release when absent. Ask `newerKernelUnreachable` first. */
  readonly kernel?: LabKernelChoice;
  /** Of the outer machine; machines inside run on this computer's own. Its own when absent, too. Ask `newerQemuUnreachable` first. */
  readonly qemu?: LabQemuChoice;
  /** Of the outer machine; it holds what is written inside, too. 1536 when absent. */
  readonly memoryMiB?: number;
  /** Sockets too: each node has a processor of its own. 1 when absent. */
  readonly numaNodes?: 1 | 2 | 3 | 4;
  /** Of each node. One die of two cores of one thread when absent. */
  readonly processor?: { readonly dies?: number; readonly cores?: number; readonly threads?: number };
  readonly iommu?: LabIommu;
  readonly devices?: readonly LabDevice[];
  /** Pages of 2 MiB on each node, in the order of the nodes. */
  readonly hugePages2MiB?: readonly number[];
  /** Kernel modules beside those that reach the root file system, e.g. `vfio-pci`. */
  readonly modules?: readonly string[];
  readonly kernelArguments?: string;
  /** The program's root is the file system of this Debian, in place of this computer's, under the lab's own kernel. What it writes stays in the image. */
  readonly rootImage?: DebianDisk;
  /** systemd is the first process, with the system bus and logind; a session of root begins with `systemctl start user@0`. */
  readonly systemd?: boolean;
}

/**
 * Each is a list of `-device` values after the drives it needs. `pcie-root-port` has ACS: a device behind one has an IOMMU group
 * of its own; two behind a PCI bridge share one with it, which is the group that cannot be passed on.
 */
const spareDevices = {
  nic: ['pcie-root-port,id=rp1,chassis=1,slot=1,addr=0x8', 'e1000e,bus=rp1,mac=52:54:00:aa:00:01'],
  gpuWithAudio: [
    'pcie-root-port,id=rp2,chassis=2,slot=2,addr=0x9',
    'bochs-display,bus=rp2,addr=0.0,multifunction=on',
    'ich9-intel-hda,bus=rp2,addr=0.1',
  ],
  /** No driver of this list takes it: it is nobody's. */
  usbKeyboard: ['qemu-xhci,id=xhci0,bus=pcie.0,addr=0x13', 'usb-kbd,bus=xhci0.0,port=1'],
  usbController: ['pcie-root-port,id=rp4,chassis=4,slot=4,addr=0xb', 'qemu-xhci,bus=rp4'],
  /** Its virtual functions are made by writing `sriov_numvfs`. */
  nvmeWithSriov: [
    'pcie-root-port,id=rp6,chassis=6,slot=6,addr=0xd',
    'nvme-subsys,id=ss0',
    'nvme,serial=sriov,subsys=ss0,bus=rp6,sriov_max_vfs=2,sriov_vq_flexible=4,sriov_vi_flexible=2,max_ioqpairs=6,msix_qsize=8',
  ],
  sharedGroup: ['pcie-pci-bridge,id=pb,bus=pcie.0,addr=0xe', 'edu,bus=pb,addr=1', 'e1000,bus=pb,addr=2,mac=52:54:00:aa:00:06'],
  /** A card whose virtual functions have a MAC address and a VLAN; needs the newer QEMU. */
  nicWithSriov: ['pcie-root-port,id=rp8,chassis=8,slot=8,addr=0x11', 'igb,bus=rp8,mac=52:54:00:aa:00:08'],
  /** Proves DMA: it computes, and copies to and from its master's memory. */
  edu: ['edu,bus=pcie.0,addr=0x10'],
  /** Its `numa_node` is 1; needs two nodes. */
  nicOnNode1: [
    'pxb-pcie,id=pxb1,bus_nr=0x40,bus=pcie.0,addr=0x12,numa_node=1',
    'pcie-root-port,id=rp7,bus=pxb1,chassis=7,slot=7',
    'e1000e,bus=rp7,mac=52:54:00:aa:00:07',
  ],
} as const satisfies Record<string, readonly string[]>;

const iommus: Readonly<Record<LabIommu, { readonly args: readonly string[]; readonly kernelArguments: string }>> = {
  // On a loaded computer the kernel takes a late timer for a broken one, and panics.
  intel: { args: ['-device', 'intel-iommu,intremap=on,caching-mode=on'], kernelArguments: 'intel_iommu=on iommu=nopt no_timer_check' },
  // Debian's kernel uses it all the same, but for an integrated GPU (INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF); others wait for the word.
  untold: { args: ['-device', 'intel-iommu,intremap=on,caching-mode=on'], kernelArguments: 'no_timer_check' },
  unmapped: { args: ['-device', 'intel-iommu,intremap=off,caching-mode=on'], kernelArguments: 'intel_iommu=on iommu=nopt no_timer_check' },
  // Takes slot 1. The nvme driver hangs behind it: leave nvmeWithSriov out.
  amd: { args: ['-device', 'amd-iommu,intremap=on'], kernelArguments: '' },
  // First of all devices: the kernel lets those wait that it stands in front of.
  virtio: { args: ['-device', 'virtio-iommu-pci,bus=pcie.0,addr=0x3'], kernelArguments: '' },
  none: { args: [], kernelArguments: '' },
};

export interface LabFiles {
  readonly kernel: string;
  readonly initramfs: string;
  /** Read by the guest over 9p: what to run. */
  readonly runFolder: string;
  /** A unix socket where somebody listens already: the guest's lines arrive there. */
  readonly resultSocket: string;
}

/** For qemu-system-x86_64. The serial console is standard output. */
export function labArguments(options: LabOptions, files: LabFiles): readonly string[] {
  const { iommu = 'none', kernelArguments = '', rootImage } = options;
  const append = `console=ttyS0 quiet panic=-1 mitigations=off random.trust_cpu=on net.ifnames=0 ${iommus[iommu].kernelArguments} ${kernelArguments}`;
  return [
    outerMachine(options),
    ['-fsdev', 'local,id=root,path=/,security_model=none,readonly=on,multidevs=remap'],
    ['-device', 'virtio-9p-pci,fsdev=root,mount_tag=host,bus=pcie.0,addr=0x7'],
    ['-device', 'virtio-serial-pci,bus=pcie.0,addr=0x6', '-chardev', `socket,id=result,path=${files.resultSocket}`],
    ['-device', 'virtserialport,chardev=result,name=lab.result'],
    rootImage === undefined ? [] : diskArguments(rootImage),
    ['-kernel', files.kernel, '-initrd', files.initramfs, '-append', `${append} lab.run=${files.runFolder}`],
  ].flat();
}

/** The computer, without what it starts from. */
export function outerMachine(options: LabOptions): readonly string[] {
  const { devices = [], iommu = 'none' } = options;
  return [
    ['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    // One thread for all processors: with one each, code that is made while it runs goes wrong now and then (QEMU 7.2), and Node dies of
    // it at every second start. It is no slower where two processors carry twelve.
    ['-machine', 'q35,kernel-irqchip=split', '-accel', 'tcg,thread=single'],
    // `max` is an AMD processor under TCG and hides threads and dies; as Intel's it shows both, with its caches.
    ['-cpu', iommu === 'amd' ? 'max,l3-cache=on' : 'max,vendor=GenuineIntel,l3-cache=on'],
    memoryAndProcessors(options),
    iommus[iommu].args,
    ['-device', 'virtio-rng-pci,bus=pcie.0,addr=0x5'],
    devices.flatMap((name) => spareDevices[name].flatMap((device) => ['-device', device])),
    ['-chardev', 'stdio,id=console,signal=off', '-serial', 'chardev:console'],
  ].flat();
}

function memoryAndProcessors({ memoryMiB = 1536, numaNodes = 1, processor = {} }: LabOptions): readonly string[] {
  const { dies = 1, cores = 2, threads = 1 } = processor;
  const perNode = dies * cores * threads;
  const nodes = Array.from({ length: numaNodes }, (_, node) => node);
  const mib = Math.floor(memoryMiB / numaNodes);
  return [
    ['-m', `${mib * numaNodes}`],
    ['-smp', `${perNode * numaNodes},sockets=${numaNodes},dies=${dies},cores=${cores},threads=${threads}`],
    nodes.flatMap((node) => [
      '-object',
      `memory-backend-ram,id=mem${node},size=${mib}M`,
      '-numa',
      `node,nodeid=${node},memdev=mem${node},cpus=${node * perNode}-${(node + 1) * perNode - 1}`,
    ]),
    nodes.flatMap((source) =>
      nodes.filter((target) => target !== source).flatMap((target) => ['-numa', `dist,src=${source},dst=${target},val=21`]),
    ),
  ].flat();
}
