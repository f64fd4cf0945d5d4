// Owns the recorded cases on which Virtdeck decides otherwise than KubeVirt v1.9.0, grouped by why.
// Must not list a case on which the two agree: the test refuses it.
export interface KnownDifference {
  readonly why: string;
  readonly cases: readonly string[];
}

export const knownDifferences: readonly KnownDifference[] = [
  {
    why: 'The shape is checked by our decoder, which says unknown and missing fields with a path, in the words of a CustomResourceDefinition.',
    cases: ['kv19-0036', 'kv19-0050', 'kv19-0056', 'kv19-0266', 'kv19-0554'],
  },
  {
    why: 'There are no feature gates here: what this computer does not do is kept and reported as not honoured, and never refused.',
    cases: [
      'kv19-0071',
      'kv19-0092',
      'kv19-0094',
      'kv19-0097',
      'kv19-0098',
      'kv19-0099',
      'kv19-0128',
      'kv19-0203',
      'kv19-0206',
      'kv19-0211',
      'kv19-0235',
      'kv19-0280',
      'kv19-0327',
      'kv19-0365',
      'kv19-0400',
      'kv19-0446',
      'kv19-0448',
    ],
  },
  {
    why: 'There are no containers here: a containerPath volume is reported as not honoured.',
    cases: ['kv19-0497', 'kv19-0498'],
  },
  {
    why: 'Every volume gets a disk by default, so that the rule has nothing to refuse.',
    cases: ['kv19-0502'],
  },
  {
    why: 'A guest above its memory limit is refused whatever the roll-out strategy: it would be ended by its own limit.',
    cases: ['kv19-0072'],
  },
  {
    why: 'Huge pages are measured against the memory of the guest where that is given; upstream prints the request, even when there is none.',
    cases: ['kv19-0261', 'kv19-0276'],
  },
  {
    why: 'All reasons against memory hot-plug are said, not the first.',
    cases: ['kv19-0269'],
  },
  {
    why: 'The architecture of a cluster cannot be configured here: it is that of this computer.',
    cases: ['kv19-0012', 'kv19-0136'],
  },
  {
    why: 'Machines are not received from another cluster.',
    cases: ['kv19-0286', 'kv19-0287'],
  },
  {
    why: 'Volumes are plugged in through the subresources alone: nobody writes status.volumeRequests, so there is nothing to refuse.',
    cases: [
      'kv19-0295',
      'kv19-0296',
      'kv19-0300',
      'kv19-0301',
      'kv19-0302',
      'kv19-0303',
      'kv19-0305',
      'kv19-0308',
      'kv19-0309',
      'kv19-0310',
      'kv19-0312',
      'kv19-0313',
      'kv19-0314',
    ],
  },
  {
    why: 'More is said: the same manifest has a second fault, which upstream tests on its own.',
    cases: ['kv19-0325', 'kv19-0458', 'kv19-0478', 'kv19-0479'],
  },
  {
    why: 'Empty names, empty disks and relative paths are refused at once; upstream fails on them at the start.',
    cases: ['kv19-0080', 'kv19-0484', 'kv19-0488', 'kv19-0490'],
  },
];
