// Owns the state of the create wizard: everything the user has said, including what a later choice made irrelevant.
// Must not decide what is valid (validation.ts) or what is made of it (manifests.ts).
import type { CatalogImage, ImageInspection } from '../../../electron/api/computer.ts';
import type { WatchdogAction } from '../../../electron/api/failure-actions.ts';
import type { FirmwareState } from '../../../electron/api/firmware-state.ts';
import { type HostDeviceChoice, noHostDeviceChoice } from '../../ui/host-device-drafts.ts';
import type { TpmChoice } from '../../ui/tpm-choice.ts';

export const stepIds = ['system', 'size', 'disk', 'network', 'devices', 'account', 'options', 'review'] as const;
export type StepId = (typeof stepIds)[number];

export const systemSources = ['debian', 'windows', 'catalog', 'file', 'upload', 'address', 'claim', 'network', 'empty'] as const;
export type SystemSource = (typeof systemSources)[number];

export type SizeId = 'small' | 'medium' | 'large' | 'own';
export const diskFormats = ['qcow2', 'raw'] as const;
export type DiskFormat = (typeof diskFormats)[number];
export const diskBuses = ['virtio', 'scsi', 'sata'] as const;
export type DiskBus = (typeof diskBuses)[number];
export const diskCaches = ['default', 'none', 'writeback', 'writethrough'] as const;
export type DiskCache = (typeof diskCaches)[number];
/** Where the disc with virtio's drivers comes from. */
export const driverSources = ['download', 'file', 'none'] as const;
export type DriverSource = (typeof driverSources)[number];
/** This computer's connection, one of the networks that there are on bridges, or none. */
export const networkModes = ['user', 'bridge', 'none'] as const;
export type NetworkMode = (typeof networkModes)[number];

/** What a machine is given to boot from its network: Debian's own package, a folder, an address, or nothing: then a server on a bridge. */
export const networkBootSources = ['debian', 'folder', 'url', 'none'] as const;
export type NetworkBootSource = (typeof networkBootSources)[number];
/** By hand · with this computer, again after a crash · always, also after a shutdown inside. */
export const runChoices = ['manual', 'withComputer', 'always'] as const;
export type RunChoice = (typeof runChoices)[number];
/** Ordinary memory, or huge pages of a size that processors have. */
export const memoryPages = ['ordinary', '2Mi', '1Gi'] as const;
export type MemoryPages = (typeof memoryPages)[number];
/** Filled in here · written by the user · no seed at all. */
export const accountModes = ['form', 'raw', 'none'] as const;
export type AccountMode = (typeof accountModes)[number];

/** The part of a DOM File that decisions need. */
export interface UploadFile {
  readonly name: string;
  readonly size: number;
}

export interface ExtraDisk {
  readonly sizeGiB: number | undefined;
  readonly bus: DiskBus;
}

/** Annotation `virtdeck.io/port-forwards` holds these. */
export interface PortForward {
  readonly name: string;
  readonly protocol: 'tcp' | 'udp';
  readonly host: number | undefined;
  readonly guest: number | undefined;
}

/** An undefined number is a field that is empty or does not read as a number. */
export interface CreateForm {
  readonly system: {
    readonly source: SystemSource;
    readonly image?: CatalogImage;
    readonly path: string;
    /** Of `path`; absent until it was inspected. */
    readonly inspection?: ImageInspection;
    readonly upload?: UploadFile;
    /** For Windows. `inspection` is of `path`. */
    readonly drivers: { readonly from: DriverSource; readonly path: string; readonly inspection?: ImageInspection };
    /** On the web or in a registry; `secret` opens the registry, blank: everybody may. */
    readonly elsewhere: { readonly address: string; readonly secret: string };
    readonly claim: string;
    readonly networkBoot: { readonly from: NetworkBootSource; readonly folder: string; readonly url: string };
  };
  readonly name: string;
  readonly size: { readonly id: SizeId; readonly cpus: number | undefined; readonly memoryMiB: number | undefined };
  readonly disk: {
    readonly sizeGiB: number | undefined;
    readonly format: DiskFormat;
    readonly bus: DiskBus;
    readonly cache: DiskCache;
    readonly extra: readonly ExtraDisk[];
  };
  readonly network: {
    readonly mode: NetworkMode;
    /** As a machine of this project names it; of mode `bridge`. */
    readonly networkName: string;
    readonly mac: string;
    readonly forwards: readonly PortForward[];
  };
  readonly devices: HostDeviceChoice;
  readonly account: {
    readonly mode: AccountMode;
    readonly user: string;
    readonly password: string;
    /** Lines as in authorized_keys. */
    readonly sshKeys: readonly string[];
    readonly hostname: string;
    /** Separated by blanks or commas. */
    readonly packages: string;
    readonly rawUserData: string;
  };
  readonly options: {
    readonly firmware: FirmwareState;
    readonly tpm: TpmChoice;
    /** `off`: no such device. */
    readonly watchdog: WatchdogAction | 'off';
    readonly pages: MemoryPages;
    /** Whole cores, with nobody else on them. */
    readonly ownCores: boolean;
    readonly run: RunChoice;
    readonly description: string;
  };
  readonly startWhenCreated: boolean;
  /** Fields the user has set: suggestions leave them alone from then on. */
  readonly touched: {
    readonly name: boolean;
    readonly size: boolean;
    readonly diskSize: boolean;
    readonly connection: boolean;
    readonly forwards: boolean;
    readonly account: boolean;
    readonly firmware: boolean;
  };
}

export interface Size {
  readonly cpus: number;
  readonly memoryMiB: number;
}

export const sizes: Readonly<Record<Exclude<SizeId, 'own'>, Size>> = {
  small: { cpus: 1, memoryMiB: 1024 },
  medium: { cpus: 2, memoryMiB: 2048 },
  large: { cpus: 4, memoryMiB: 8192 },
};

/** The form before anything is known of this computer: next, next, finish makes a Debian machine of it. */
export function emptyForm(): CreateForm {
  return {
    system: {
      source: 'debian',
      path: '',
      elsewhere: { address: '', secret: '' },
      claim: '',
      drivers: { from: 'download', path: '' },
      networkBoot: { from: 'debian', folder: '', url: '' },
    },
    name: '',
    size: { id: 'medium', ...sizes.medium },
    disk: { sizeGiB: 20, format: 'qcow2', bus: 'virtio', cache: 'default', extra: [] },
    network: { mode: 'user', networkName: '', mac: '', forwards: [] },
    devices: noHostDeviceChoice,
    account: { mode: 'form', user: 'user', password: '', sshKeys: [], hostname: '', packages: '', rawUserData: '' },
    options: { firmware: 'bios', tpm: 'none', watchdog: 'off', pages: 'ordinary', ownCores: false, run: 'manual', description: '' },
    startWhenCreated: true,
    touched: { name: false, size: false, diskSize: false, connection: false, forwards: false, account: false, firmware: false },
  };
}
