// Owns what KubeVirt v1.9.0 says wrongly and Virtdeck says rightly, as replacements on a recorded cause.
// Must not hide a different decision: those are listed case by case in known-differences.ts.

export interface Slip {
  readonly why: string;
  readonly in: 'field' | 'message';
  readonly upstream: RegExp;
  readonly ours: string;
  /** Only on causes with this message. */
  readonly where?: RegExp;
}

/** Applied in order, all that match. */
export const slips: readonly Slip[] = [
  { why: 'trailing blank', in: 'message', upstream: / $/, ours: '' },
  { why: 'misspelt', in: 'message', upstream: /interger/, ours: 'integer' },
  { why: 'no blank between sentences', in: 'message', upstream: /provided\.Pausing/, ours: 'provided. Pausing' },
  { why: 'the path is said twice', in: 'message', upstream: /\.(\w+Base64)\.cloudInit\w+\.\w+Base64 is not/, ours: '.$1 is not' },
  { why: 'Go name instead of the field', in: 'field', upstream: /^spec\.GPUs$/, ours: 'spec.domain.devices.gpus' },
  { why: 'Go name instead of the field', in: 'field', upstream: /^spec\.Sound$/, ours: 'spec.domain.devices.sound.model', where: /type/ },
  { why: 'Go name instead of the field', in: 'field', upstream: /^spec\.Sound$/, ours: 'spec.domain.devices.sound.name', where: /name/ },
  { why: 'parents left out', in: 'field', upstream: /^spec\.video$/, ours: 'spec.domain.devices.video' },
  { why: 'parents left out', in: 'field', upstream: /^nameservers$/, ours: 'spec.dnsConfig.nameservers' },
  { why: 'parents left out', in: 'field', upstream: /^searchDomains$/, ours: 'spec.dnsConfig.searches' },
  { why: 'parents left out', in: 'field', upstream: /^options$/, ours: 'spec.dnsConfig.options' },
  { why: 'there is no such field', in: 'field', upstream: /ioThreads\.count$/, ours: 'ioThreads.supplementalPoolThreadCount' },
  { why: 'parent left out', in: 'field', upstream: /^spec\.(nodeAffinity|podAffinity|podAntiAffinity)\b/, ours: 'spec.affinity.$1' },
  { why: 'parent left out', in: 'message', upstream: /^spec\.(nodeAffinity|podAffinity|podAntiAffinity)\b/, ours: 'spec.affinity.$1' },
  { why: 'index left out', in: 'field', upstream: /topologySpreadConstraints\.label/, ours: 'topologySpreadConstraints[0].label' },
  { why: 'index left out', in: 'message', upstream: /topologySpreadConstraints\.label/, ours: 'topologySpreadConstraints[0].label' },
  { why: 'volumes stand beside the domain', in: 'field', upstream: /\.domain\.volumes\[/, ours: '.volumes[' },
  { why: 'volumes stand beside the domain', in: 'message', upstream: /\.domain\.volumes\[/, ours: '.volumes[' },
  { why: 'the interface list is in the domain', in: 'field', upstream: /^spec\.interfaces$/, ours: 'spec.domain.devices.interfaces' },
  { why: 'the interface list is in the domain', in: 'message', upstream: /spec\.interfaces$/, ours: 'spec.domain.devices.interfaces' },
  {
    why: 'the list is not the disk',
    in: 'message',
    upstream: /^Disk IO mode for \S+ is/,
    ours: 'Disk IO mode for spec.domain.devices.disks[1] is',
  },
  { why: 'no such path', in: 'field', upstream: /disks\.disk\[0\]\.pciAddress$/, ours: 'disks[0].disk.pciAddress' },
  { why: 'no such path', in: 'message', upstream: /disks\.disk\[0\]\.name/, ours: 'disks[0].name' },
  {
    why: 'the card is named like the whole machine',
    in: 'field',
    upstream: /^spec\[0\]\.bootOrder$/,
    ours: 'spec.domain.devices.interfaces[0].bootOrder',
  },
  {
    why: 'the card is named like the whole machine',
    in: 'message',
    upstream: /^spec\[0\] must have a boot/,
    ours: 'spec.domain.devices.interfaces[0] must have a boot',
  },
  { why: 'no field', in: 'field', upstream: /^$/, ours: 'spec.domain.memory.guest', where: /^no memory requested/ },
  { why: 'no field', in: 'field', upstream: /^$/, ours: 'spec', where: /^update of VMI/ },
  {
    why: 'the whole machine is named',
    in: 'field',
    upstream: /^spec$/,
    ours: 'spec.domain.devices.interfaces[0].dhcpOptions.privateOptions',
    where: /DHCPPrivateOptions/,
  },
  { why: "the volume's own name is named", in: 'field', upstream: /\.name$/, ours: '.dataVolume.name', where: /^DataVolume 'name'/ },
];
