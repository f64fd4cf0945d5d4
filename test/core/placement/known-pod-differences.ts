// Owns the recorded launcher pods that Virtdeck charges or selects otherwise than KubeVirt v1.9.0, grouped by why.
// Must not list a case on which the two agree: the test refuses it.
export interface KnownPodDifference {
  readonly why: string;
  readonly cases: readonly string[];
}

export const knownPodDifferences: readonly KnownPodDifference[] = [
  {
    why: 'The recorded machine has not passed defaulting: a processor without a topology is promised nothing there; here it is one vCPU.',
    cases: numbered(40, 44, 45, 74, 85, 86, 87, 88, 239, 240),
  },
  {
    why: 'The recorded machine has not passed defaulting: with huge pages alone the guest has one page, which defaulting writes down.',
    cases: numbered(115, 116, 127, 128),
  },
  {
    why: 'The case is an error of a cluster (a ConfigMap, a claim or an annotation generator is missing) and has no pod to compare with.',
    cases: numbered(147, 221, 255, 256),
  },
  {
    why: 'Guest memory is whole MiB here: QEMU takes no other size for its backend. What a request has above the guest is not charged beside huge pages.',
    cases: numbered(139, 140, 141, 142, 143, 144),
  },
  {
    why: 'Launch security (SEV, TDX, Secure Execution) is reported as not honoured, so nothing is selected or charged for it.',
    cases: numbered(46, 48, 49, 50, 51, 52, 54, 56, 175),
  },
  {
    why: 'Settings of a cluster that are not settings here: overcommit in percent, processors per vCPU, node selectors and labels for all machines, automatic limits by label.',
    cases: numbered(8, 43, 104, 114, 235, 237),
  },
  {
    why: 'The default architecture of a cluster with arm64 nodes; here it is that of this computer.',
    cases: numbered(21),
  },
  {
    why: 'Machine types, Hyper-V features and clock rates are the same on every node of one computer: the launch plan checks them, nothing selects by them.',
    cases: numbered(41, 42, 60, 61, 68),
  },
  {
    why: 'An invariant clock is a processor feature like any other here; KubeVirt selects by the rate of the clock instead.',
    cases: numbered(64, 67),
  },
  {
    why: 'An isolated emulator gets one processor; the annotation that rounds up to whole cores is not known here, where whole cores are handed out anyway.',
    cases: numbered(73),
  },
];

function numbered(...numbers: readonly number[]): readonly string[] {
  return numbers.map((number) => `kvpod-${String(number).padStart(4, '0')}`);
}
