// Owns what this computer says of itself and of images: shapes of the virtdeck.io/v1alpha1 reports that are not stored.
// Must not gather anything; host does.
import type { Cause } from './errors.ts';

/** GET /apis/virtdeck.io/v1alpha1/computer */
export interface ComputerReport {
  readonly hostname: string;
  readonly version: string;
  readonly checks: readonly ComputerCheck[];
  readonly cpus: { readonly threads: number; readonly model: string };
  readonly memory: { readonly totalMiB: number; readonly availableMiB: number };
  readonly pool: { readonly path: string; readonly totalBytes: number; readonly freeBytes: number };
  readonly accelerator: { readonly inUse: 'kvm' | 'tcg'; readonly message: string };
  readonly qemuVersion?: string;
  /** Loopback ports from 2222 on that some program has now: no good to suggest for a forward. */
  readonly takenPorts?: readonly number[];
  readonly user: { readonly name: string; readonly home: string; readonly sshPublicKeys: readonly SshPublicKey[] };
}

export interface SshPublicKey {
  readonly file: string;
  readonly type: string;
  readonly comment: string;
  readonly line: string;
}

/** One line of the card "This computer": green, or the fix. */
export interface ComputerCheck {
  readonly id: 'qemu' | 'acceleration' | 'firmware' | 'tpm' | 'iommu' | 'hugepages' | 'images' | 'debian-build' | 'data';
  readonly state: 'ok' | 'warning' | 'error';
  readonly message: string;
  readonly fix?: string;
  /** A command to copy. */
  readonly command?: string;
}

/** GET /apis/virtdeck.io/v1alpha1/catalog */
export interface Catalog {
  readonly items: readonly CatalogImage[];
}

export interface CatalogImage {
  readonly id: string;
  readonly os: string;
  readonly name: string;
  readonly version: string;
  readonly type: 'cloud-image' | 'installer';
  readonly arch: 'amd64' | 'arm64';
  readonly url: string;
  /** Of the download; absent where nobody has written it down. */
  readonly sizeBytes?: number;
  readonly format: 'qcow2' | 'raw' | 'iso';
  readonly checksum: { readonly algorithm: 'sha256' | 'sha512'; readonly value: string };
  readonly minMemoryMiB: number;
  readonly minDiskGiB: number;
  readonly cloudInit: boolean;
  readonly defaultUser?: string;
}

/** POST /apis/virtdeck.io/v1alpha1/inspections {path} */
export interface ImageInspection {
  readonly path: string;
  readonly format: 'qcow2' | 'raw' | 'iso' | 'vmdk' | 'vdi' | 'vhdx' | 'vpc' | 'unknown';
  readonly virtualSizeBytes: number;
  readonly actualSizeBytes: number;
  readonly bootable?: boolean;
  readonly label?: string;
  /** Why it is refused; empty when it may be used. */
  readonly causes: readonly Cause[];
}

/** GET /apis/virtdeck.io/v1alpha1/directories?path=/home/me */
export interface DirectoryListing {
  readonly path: string;
  readonly parent?: string;
  readonly entries: readonly { readonly name: string; readonly type: 'directory' | 'file'; readonly sizeBytes: number }[];
}

/** PUT …/virtdeck.io/v1alpha1/namespaces/{ns}/virtualmachines/{name}/resetfirmware */
export interface FirmwareReset {
  /** Files that the old UEFI variables are kept in. */
  readonly backups: readonly string[];
}

/** GET …/virtdeck.io/v1alpha1/namespaces/{ns}/virtualmachines/{name}/snapshotcheck: what a snapshot would keep now, and take. */
export interface SnapshotCheck {
  /** The machine runs: its memory would be in it. */
  readonly online: boolean;
  /** At most so much is written at once; what changes on the disks later comes on top. */
  readonly memoryBytes: number;
  /** In the pool of disks. */
  readonly freeBytes: number;
  /** Why none can be taken now; empty when one can. */
  readonly causes: readonly Cause[];
}

/** One sample of a running machine; rates are per second over the time since the sample before. */
export interface UsageSample {
  readonly at: number;
  readonly cpuPercent: number;
  readonly residentMiB: number;
  readonly guestUsedMiB?: number;
  readonly diskReadBps: number;
  readonly diskWriteBps: number;
  /** As the guest counts; without its agent, as its taps do. Absent while nothing true is known: QEMU's user network counts nothing. */
  readonly netRxBps?: number;
  readonly netTxBps?: number;
}

/** GET …/virtdeck.io/v1alpha1/usage?watch=true answers one such JSON line per second while somebody reads. */
export interface UsageLine {
  readonly machines: readonly { readonly namespace: string; readonly name: string; readonly sample: UsageSample }[];
}

/** GET …/virtdeck.io/v1alpha1/namespaces/{ns}/virtualmachineinstances/{name}/usage: up to an hour, oldest first. */
export interface UsageHistory {
  readonly samples: readonly UsageSample[];
}

/** POST /apis/virtdeck.io/v1alpha1/listeners, answered on the unix socket alone: a loopback address for a browser, with a code that works once. */
export interface ListenerAddress {
  readonly url: string;
}
