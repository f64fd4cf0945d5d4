// Owns pools of huge pages: /apis/virtdeck.io/v1alpha1/hugepages. GET tells of them, POST changes one.
// Must not change any; the privileged program does.

export type PageMoment = 'now' | 'boot';

export interface HugePagePoolReport {
  /** Memory node of Linux. */
  readonly numaNode: number;
  /** `2Mi`, `1Gi`. */
  readonly pageSize: string;
  readonly pageMiB: number;
  readonly total: number;
  /** In no guest, and in no other program. */
  readonly free: number;
  /** Reserved at each start of the computer, as Virtdeck wrote it. */
  readonly atBoot: number;
  /** Ordinary memory of the node that could become pages, if it is in one piece. */
  readonly availableMiB: number;
}

export interface HugePageReport {
  readonly items: readonly HugePagePoolReport[];
  /** Whether a change asks for a password, or cannot be made at all. */
  readonly privilege: 'root' | 'password' | 'none';
}

/** The body of a POST: one of `count` and `more`. */
export interface HugePageChange {
  readonly numaNode: number;
  readonly pageSize: string;
  /** So many in all. */
  readonly count?: number;
  /** So many beside those that are there. */
  readonly more?: number;
  /** `boot`: at each start of the computer, from the next one on. Absent: now. */
  readonly when?: PageMoment;
}
