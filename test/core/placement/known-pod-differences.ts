// Owns the recorded launcher pods that Virtdeck charges or selects otherwise than KubeVirt v1.9.0, grouped by why, and in which parts.
// Must not list a case on which the two agree, nor a part that agrees: the test refuses it.
export type PodPart = 'requests' | 'limits' | 'memory' | 'selector';

export interface KnownPodDifference {
  readonly why: string;
  /** In these and no others. */
  readonly parts: readonly PodPart[];
  readonly cases: readonly string[];
}

export const knownPodDifferences: readonly KnownPodDifference[] = [
  {
    why: 'The recorded machine has not passed defaulting, and no machine runs without: a processor without a topology is promised nothing there; here it is one vCPU.',
    parts: ['requests'],
    cases: numbered(44, 45, 74, 85, 86, 87, 88, 239),
  },
  {
    why: 'The same, with cores of its own: request and limit are one number.',
    parts: ['requests', 'limits'],
    cases: numbered(240),
  },
  {
    why: 'The same; and a model of which a feature is disabled runs on a node that has the rest of it: the launch plan looks at each feature.',
    parts: ['requests', 'selector'],
    cases: numbered(40),
  },
  {
    why: 'The same; and an invariant clock is a processor feature like any other here, where KubeVirt selects by the rate of the clock.',
    parts: ['requests', 'selector'],
    cases: numbered(64, 67),
  },
  {
    why: 'The case is an error of a cluster (a ConfigMap, a claim or an annotation generator is missing) and has no pod to compare with.',
    parts: ['requests', 'memory', 'selector'],
    cases: numbered(147, 221, 255, 256),
  },
  {
    why: 'SEV is reported as not honoured, so nothing is selected or charged for it.',
    parts: ['memory', 'selector'],
    cases: numbered(46, 48, 49, 50, 51, 52),
  },
  {
    why: 'TDX and Secure Execution are reported as not honoured, so nothing is selected for them.',
    parts: ['selector'],
    cases: numbered(54, 56, 175),
  },
  {
    why: "Overcommit in percent of huge pages, where it would be promising pages that are not there: QEMU takes all of a guest's pages at its start.",
    parts: ['requests', 'limits'],
    cases: numbered(116, 128),
  },
  {
    why: 'The quota or label of the project that KubeVirt derives the limit from is not in the recording. Here a quota of processors offers that limit as a fix, and sets nothing by itself.',
    parts: ['limits'],
    cases: numbered(235, 237),
  },
  {
    why: 'The guest has whole MiB here, rounded up: what the request has above the guest is less by as much. Both come to what was requested.',
    parts: ['memory'],
    cases: numbered(143, 144),
  },
  {
    why: 'Node selectors for all machines of a cluster, and guests of another architecture beside those of its own.',
    parts: ['selector'],
    cases: numbered(8, 43),
  },
  {
    why: 'The default architecture of a cluster with arm64 nodes, whose firmware KubeVirt charges; here it is that of this computer.',
    parts: ['memory'],
    cases: numbered(21),
  },
  {
    why: 'Machine types, Hyper-V features and clock rates are the same on every node of one computer: the launch plan checks them, nothing selects by them.',
    parts: ['selector'],
    cases: numbered(41, 42, 60, 61, 68),
  },
];

function numbered(...numbers: readonly number[]): readonly string[] {
  return numbers.map((number) => `kvpod-${String(number).padStart(4, '0')}`);
}
