// Owns what the engine needs of disks and container images: filling, copying, growing, and looking into them.
// Must not import any implementation.
import type { CatalogImage, DirectoryListing, ImageInspection } from '../api/computer.ts';
import type { ContainerDiskOrder, PackedDisk, PackOrder } from './disk-copies.ts';
import type { VolumeFact } from '../core/facts.ts';

export interface Progress {
  readonly step: 'wait' | 'download' | 'verify' | 'convert' | 'copy' | 'build' | 'upload';
  readonly doneBytes?: number;
  readonly totalBytes?: number;
  readonly percent?: number;
  readonly secondsLeft?: number;
  readonly message?: string;
}

export interface DiskTarget {
  readonly path: string;
  readonly format: 'qcow2' | 'raw';
  /** With `isAsItIs`: the most that it may have. */
  readonly sizeBytes: number;
  /** As large as what it is filled with. */
  readonly isAsItIs?: true;
}

export type DiskSource =
  | { readonly type: 'blank' }
  | { readonly type: 'http'; readonly url: string; readonly checksum?: string; readonly authorities?: string }
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 'clone'; readonly path: string }
  | { readonly type: 'upload' }
  | ({ readonly type: 'registry' } & ImagePull)
  | { readonly type: 'mmdebstrap'; readonly suite?: string; readonly packages?: readonly string[] };

export interface FillOptions {
  readonly onProgress: (progress: Progress) => void;
  /** For `upload`. */
  readonly bytes?: AsyncIterable<Uint8Array>;
}

export interface DiskFill {
  readonly done: Promise<{ readonly virtualSizeBytes: number; readonly digest?: string }>;
  /** `done` then rejects with AppError Timeout; an http download keeps its partial file for a resume. */
  cancel(): void;
}

export interface DiskPort {
  /** Where a claim's file is or would be. */
  claimPath(namespace: string, name: string, format: 'qcow2' | 'raw'): string;
  /** Never throws for a missing or odd file: it says so. */
  inspectVolume(path: string, options: { readonly writable: boolean }): Promise<VolumeFact>;
  /** Fills the target from the source, or leaves nothing behind. Throws ImageRefused, ImageFetchFailed, DiskFull, ToolFailed. */
  fill(target: DiskTarget, source: DiskSource, options: FillOptions): DiskFill;
  remove(path: string): Promise<void>;
  /** What a file takes of its file system; 0 when it is not there. */
  usedBytes(path: string): Promise<number>;
  /** A copy for a journey. Throws ToolFailed, also for a disk that somebody writes to, DiskFull, Timeout when it was given up. */
  pack(order: PackOrder): Promise<PackedDisk>;
  /** Puts what `write` makes, as raw bytes, in the place of a claim's disk; a failure leaves the disk as it was. Throws ToolFailed, DiskFull. */
  rewrite(target: DiskTarget, write: (draft: string) => Promise<void>): Promise<void>;
  /** Grows only. */
  resize(path: string, sizeBytes: number): Promise<void>;
  /** Snapshots inside a qcow2 image that nobody has open. Throws ToolFailed with qemu-img's words. */
  snapshot(path: string, action: 'take' | 'goBack' | 'forget', tag: string): Promise<void>;
  /** Names of those that an image holds. */
  snapshotsIn(path: string): Promise<readonly string[]>;
  inspectImage(path: string): Promise<ImageInspection>;
  listDirectory(path: string): Promise<DirectoryListing>;
  catalog(): Promise<readonly CatalogImage[]>;
  poolSpace(): Promise<{ readonly path: string; readonly totalBytes: number; readonly freeBytes: number }>;
}

export interface ImagePull {
  /** `quay.io/containerdisks/fedora:40`, checked. */
  readonly image: string;
  /** Of the file in the image, without a slash in front; undefined: the only one in `disk/`. */
  readonly path?: string;
  /** A disk, the default, is inspected as a stranger's; a file, such as a kernel, is taken as it is. */
  readonly as?: 'disk' | 'file';
  /** The text of an auth file. */
  readonly credentials?: string;
  /** Certificates of authorities, as PEM, that the registry's own may come from. */
  readonly authorities?: string;
  readonly insecure: boolean;
}

/** A disk, or another file, of a container image. Nobody writes to it; whoever runs it lays a file of its own on top. */
export interface PulledImage {
  readonly image: string;
  /** `sha256:…` of what the name meant when it was pulled. */
  readonly digest: string;
  readonly path: string;
  readonly format: 'qcow2' | 'raw';
  readonly virtualSizeBytes: number;
}

export interface ImagePort {
  /** What was pulled under this name, without asking the registry. */
  cached(image: string, file?: Pick<ImagePull, 'path' | 'as'>): Promise<PulledImage | undefined>;
  /** `done` throws ImageFetchFailed, ImageRefused, DiskFull, ToolFailed, or Timeout when cancelled. */
  pull(pull: ImagePull, onProgress: (progress: Progress) => void): { readonly done: Promise<PulledImage>; cancel(): void };
  /** Writes an OCI archive, as skopeo and podman read it. Throws AlreadyExists, ToolFailed, DiskFull. */
  writeContainerDisk(order: ContainerDiskOrder): Promise<{ readonly path: string; readonly digest: string }>;
  /** Removes what nobody has used for a week; `inUse` are paths of disks. */
  collect(inUse: ReadonlySet<string>): Promise<void>;
}
