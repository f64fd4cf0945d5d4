// Owns what this computer says of its PCI and USB devices: GET /apis/virtdeck.io/v1alpha1/host-devices, and the verdict on each group.
// Must not gather or judge anything; host and core do.
import type { Cause } from './errors.ts';
import type { VirtualFunctionSettings } from './privileged.ts';

/** `0000:01:00.0`: domain, bus, device and function. The one name of a device that is ever stored. */
export type PciAddress = string;

export interface PciDevice {
  readonly address: PciAddress;
  /** Four hexadecimal digits, lower case, as in `vendor:device` of a selector. */
  readonly vendorId: string;
  readonly deviceId: string;
  readonly subsystemVendorId?: string;
  readonly subsystemDeviceId?: string;
  /** Six hexadecimal digits: class, subclass, interface. */
  readonly classCode: string;
  readonly revision?: string;
  /** Of the system's pci.ids; what is not in it is absent. */
  readonly names: DeviceNames;
  /** Which drives it now. */
  readonly driver?: string;
  /** Kernel modules that could, by modules.alias; the one that drives it now may be among them. */
  readonly candidateDrivers: readonly string[];
  /** Set while it is to be driven by this driver alone. */
  readonly driverOverride?: string;
  /** Group numbers shift whenever a device comes or goes: never store one. Absent without an IOMMU. */
  readonly iommuGroup?: string;
  /** `flr`, `pm`, `bus`, `device_specific` …, in the order in which the kernel tries them. Empty: this function cannot be reset alone. */
  readonly resetMethods: readonly string[];
  /** Absent where the kernel knows none. */
  readonly numaNode?: number;
  /** The firmware showed its picture on it. */
  readonly bootVga: boolean;
  /** Bridges between it and the root of its domain, nearest last. */
  readonly parents: readonly PciAddress[];
  readonly sriov?: SriovFact;
  /** The physical function that this is a virtual function of. */
  readonly physfn?: PciAddress;
  readonly link?: LinkFact;
  /** `/dev/vfio/N` that QEMU opens for it; there while a vfio driver has some device of its group. */
  readonly vfioDevice?: string;
  /** Whether this user may open it. */
  readonly vfioAccess?: boolean;
  readonly hostUses: readonly HostUse[];
}

export interface DeviceNames {
  readonly vendor?: string;
  readonly device?: string;
  readonly subsystem?: string;
  readonly class?: string;
}

export interface SriovFact {
  readonly numvfs: number;
  readonly totalvfs: number;
  readonly vfs: readonly PciAddress[];
  /** Of a network card that its own driver has. */
  readonly network?: SriovNetwork;
}

/** The interface that a card is to this computer; by it the kernel tells what each virtual function is held to. */
export interface SriovNetwork {
  readonly name: string;
  /** While it is off, its functions have no link. */
  readonly up: boolean;
  /** In a report; empty in facts. */
  readonly functions: Readonly<Record<PciAddress, VirtualFunctionSettings>>;
}

/** What mediated devices can be made of: a card, or whatever else the kernel names below /sys/class/mdev_bus. */
export interface MdevParent {
  /** Of a card, its PCI address. */
  readonly name: string;
  readonly numaNode?: number;
  readonly types: readonly MdevType[];
}

export interface MdevType {
  /** `nvidia-63`, `i915-GVTg_V5_4` … */
  readonly id: string;
  readonly name?: string;
  /** The driver's own words, on several lines. */
  readonly description?: string;
  /** How many more can be made now. */
  readonly availableInstances: number;
}

/** `8.0 GT/s PCIe` and lanes, as the kernel writes them. */
export interface LinkFact {
  readonly currentSpeed?: string;
  readonly currentWidth?: number;
  readonly maxSpeed?: string;
  readonly maxWidth?: number;
}

/**
 * What the computer itself uses a device for. All but `audio` would be missed at once.
 * `detail` is a proper name: a mount point, an interface, a connector.
 */
export interface HostUse {
  readonly kind: 'screen' | 'disk' | 'network' | 'audio';
  readonly detail: string;
}

export interface UsbDevice {
  /** `1-2.3`: the port it is plugged into; stays while it is. */
  readonly port: string;
  readonly bus: number;
  /** Counts up with each plugging. */
  readonly device: number;
  readonly vendorId: string;
  readonly productId: string;
  readonly names: { readonly vendor?: string; readonly product?: string };
  readonly serial?: string;
  readonly speedMbps?: number;
  readonly drivers: readonly string[];
  readonly hostUses: readonly HostUse[];
  /** Whether this user may open it. */
  readonly access?: boolean;
}

/** A mediated device that was made of a card. */
export interface MdevDevice {
  readonly uuid: string;
  /** Name of an MdevParent. */
  readonly parent: string;
  /** `nvidia-63`. */
  readonly typeId: string;
  readonly typeName?: string;
  /** Virtdeck made it for this user, since the computer started. */
  readonly isOurs: boolean;
  /** As of a PCI device; each has a group of its own. */
  readonly vfioDevice?: string;
  readonly vfioAccess?: boolean;
}

export interface IommuFact {
  /** Names below /sys/class/iommu; empty: the IOMMU is off, or there is none. */
  readonly units: readonly string[];
  /** What the firmware tells: an ACPI table of Intel's or AMD's IOMMU. */
  readonly firmwareTable?: 'DMAR' | 'IVRS';
  /** Absent: nothing on this computer tells. */
  readonly interruptRemapping?: boolean;
  readonly allowUnsafeInterrupts: boolean;
  /** Groups are split further than the hardware promises (`pcie_acs_override`). */
  readonly acsOverride: boolean;
  readonly cpuVendor: 'intel' | 'amd' | 'other';
  readonly cmdline: string;
  /** The kernel has vfio-pci, as a module or built in. */
  readonly vfioPci: 'loaded' | 'available' | 'missing';
}

/** What host finds, unjudged. */
export interface HostDeviceFacts {
  readonly pci: readonly PciDevice[];
  readonly usb: readonly UsbDevice[];
  readonly mdevs?: readonly MdevDevice[];
  readonly mdevParents?: readonly MdevParent[];
  readonly iommu: IommuFact;
}

/** Whether a group can be given to a machine: the worst that is true of it. */
export type GroupVerdict =
  | { readonly kind: 'safe' }
  /** Devices that must be given up together with it, of this group or other functions of the same card. */
  | { readonly kind: 'takesOthers'; readonly others: readonly PciAddress[] }
  | {
      readonly kind: 'wouldTakeHost';
      /** Without audio. Never empty. */
      readonly uses: readonly (HostUse & { readonly address: PciAddress })[];
    }
  /** A machine may find it as the one before left it, and so may this computer. */
  | { readonly kind: 'cannotBeReset'; readonly addresses: readonly PciAddress[] }
  | { readonly kind: 'noIommu' };

/** One IOMMU group of this moment; without an IOMMU, one device. */
export interface DeviceGroup {
  /** Its first device: group numbers are no names. */
  readonly id: PciAddress;
  /** Devices that move together, bridges not among them. */
  readonly addresses: readonly PciAddress[];
  /** Functions of the same card that the kernel put into other groups, and that move with it. */
  readonly companions: readonly PciAddress[];
  readonly verdict: GroupVerdict;
}

/** One line of "can this computer do it?". */
export interface ReadinessCheck {
  readonly id: 'firmware' | 'iommu' | 'interruptRemapping' | 'isolation' | 'kernel';
  readonly state: 'ok' | 'warning' | 'error';
  readonly message: string;
  readonly fix?: string;
}

/** With `?watch=true`, again whenever something of it changed. */
export interface HostDeviceReport {
  readonly pci: readonly PciDevice[];
  readonly groups: readonly DeviceGroup[];
  readonly usb: readonly UsbDevice[];
  readonly mdevs: readonly MdevDevice[];
  readonly mdevParents: readonly MdevParent[];
  /** Why mediated devices are not all as HyperConverged wants them. */
  readonly mdevCauses: readonly Cause[];
  readonly checks: readonly ReadinessCheck[];
  /** In the order of the allow list. */
  readonly resources: readonly OfferedResource[];
}

/** A name of HyperConverged.spec.permittedHostDevices, and what it stands for now. */
export interface OfferedResource {
  readonly name: string;
  readonly selectors: readonly string[];
  readonly devices: readonly OfferedDevice[];
}

export interface OfferedDevice {
  /** PCI address, USB port, or uuid of a mediated device. */
  readonly address: string;
  /** All that a machine gets with it. */
  readonly addresses: readonly string[];
  readonly isDisplay: boolean;
  /** Maker and name; what the system does not know is absent. */
  readonly label?: string;
  /** Name of the Node it belongs to. */
  readonly node?: string;
  /** `namespace/name` of the machine that has it. */
  readonly usedBy?: string;
  /** Why it cannot be handed out as it is. */
  readonly unready?: { readonly reason: string; readonly message: string; readonly fix: string };
}

export const noHostDevices: HostDeviceFacts = {
  pci: [],
  usb: [],
  iommu: {
    units: [],
    allowUnsafeInterrupts: false,
    acsOverride: false,
    cpuVendor: 'other',
    cmdline: '',
    vfioPci: 'missing',
  },
};
