// Owns the recorded cases in which Virtdeck makes other defaults than KubeVirt v1.9.0, grouped by why.
// Must not list a case on which the two agree: the test refuses it.
import type { KnownDifference } from '../validate/known-differences.ts';

/** What is decided otherwise for every machine; the test makes these of what upstream recorded before it compares. */
export const decisions: readonly string[] = [
  'A disk that names no bus is virtio; upstream says sata, which cloud kernels of Debian and Ubuntu cannot read.',
  'The card that nobody asked for is on the user network (masquerade); upstream bridges it to the pod.',
  'No maximum of sockets or memory is made up: upstream says four times what the machine has.',
  'A topology that is given in part is completed with ones.',
  'Container images get no imagePullPolicy.',
  'No kubevirt.io/pci-topology-version: this program places devices on PCI ports itself.',
];

export function numbered(...numbers: readonly number[]): readonly string[] {
  return numbers.map((number) => `kvmut-${String(number).padStart(4, '0')}`);
}

export const knownDefaultingDifferences: readonly KnownDifference[] = [
  {
    why: 'Machines of s390x and ppc64le do not run here: they get no machine type, firmware or features of theirs.',
    cases: numbered(2, 6, 72, 100, 141, 142, 143, 144, 145, 146, 147, 148, 162),
  },
  {
    why: 'Of a machine of another architecture than amd64 only the type is known: its processor model, firmware and buses are left open.',
    cases: numbered(71, 99, 117, 118, 119, 120, 121, 160, 161),
  },
  {
    why: 'There is no configuration of a cluster here: machine type, architecture, network and eviction strategy have one default each.',
    cases: numbered(11, 12, 13, 24, 25, 26, 74, 75, 76, 77, 78),
  },
];
