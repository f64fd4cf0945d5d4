// Owns the answer to "what would this machine take?": its charge line by line, and what each quota of its project leaves for it.
// Must not compute it; core/quota does.

/** What beside the guest needs memory. The window has words for each. */
export type OverheadPart = 'Qemu' | 'Vcpus' | 'IoThreads' | 'Video' | 'PageTables' | 'Firmware' | 'Translation' | 'Passthrough' | 'Tpm';

export interface ChargeLine {
  /** `Guest`: as much as it sees. `Request`: as much as the manifest asks for, where that is less. */
  readonly what: 'Guest' | 'Request' | OverheadPart;
  readonly mib: number;
}

export interface QuotaShare {
  readonly quota: string;
  /** As the quota names it: `requests.memory`. */
  readonly resource: string;
  /** Kubernetes' quantities. `used` is without this machine. */
  readonly takes: string;
  readonly used: string;
  readonly hard: string;
  readonly fits: boolean;
}

export interface ChargeReport {
  /** They add up to `requests.memory`. */
  readonly memory: readonly ChargeLine[];
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
  /** Overhead that the manifest tells to leave out (`overcommitGuestOverhead`). */
  readonly leftOutMiB: number;
  /** What makes the promise smaller than the machine. Absent: its author said how much. */
  readonly density: {
    /** Guest memory in percent of what is set aside for it. */
    readonly memoryOvercommitPercentage?: number;
    /** vCPUs for each processor that is set aside. */
    readonly cpuAllocationRatio?: number;
  };
  /** Limits that are not its author's: `limits.memory`, `limits.cpu`. */
  readonly givenLimits: readonly string[];
  readonly quotas: readonly QuotaShare[];
}
