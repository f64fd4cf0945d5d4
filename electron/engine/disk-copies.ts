// Owns the words for copies of disks that leave this computer: a file for a journey, a container image for a registry.
// Must not import any implementation.

export interface PackOrder {
  readonly disk: { readonly path: string; readonly format: 'qcow2' | 'raw' };
  readonly as: 'qcow2' | 'raw';
  readonly onPercent?: (percent: number) => void;
  /** Is handed what gives it up. */
  readonly onBegin?: (cancel: () => void) => void;
}

export interface PackedDisk {
  readonly virtualSizeBytes: number;
  /** Of the file, as it is sent. */
  readonly totalBytes: number;
  bytes(): AsyncIterable<Uint8Array>;
  /** `sha256:HEX` of the bytes that were read. */
  digest(): string;
  /** Removes the copy. */
  close(): Promise<void>;
}

/** A disk as a container image, for a registry. */
export interface ContainerDiskOrder {
  readonly disk: PackOrder['disk'];
  /** Folder of the user's; absent: one of ours. */
  readonly folder?: string;
  /** Of the archive, without an ending. */
  readonly name: string;
  /** What it is to be pulled as; written into the archive. */
  readonly image: string;
  readonly onPercent: (percent: number) => void;
  readonly onBegin: (cancel: () => void) => void;
}
