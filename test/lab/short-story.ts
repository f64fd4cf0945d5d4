// Owns what the short story of handed-over devices must come to, on any computer that can do it.
// Must not run it.

const fields = [
  'spec.template.spec.domain.devices.hostDevices[0].deviceName',
  'spec.template.spec.domain.devices.hostDevices[1].deviceName',
];
const causes = (reason: string): readonly string[] => fields.map((field) => `${reason} ${field}`);

/** `eduDriver`: what drives the device that has no driver of its own. */
export function shortStoryWith(eduDriver: string | null): readonly unknown[] {
  const driven = ['e1000e', eduDriver];
  return [
    { verdicts: ['safe', 'cannotBeReset'], failing: [], kernel: [] },
    { trial: 1, during: ['vfio-pci', eduDriver] },
    { after: driven, unknown: causes('HostDeviceNotPermitted'), unbound: causes('NotBound') },
    { kept: ['vfio-pci', 'vfio-pci'], offers: '1 1', ready: [] },
    { guest: ['00.0 8086:10d3', '00.0 1234:11e8'], edu: 'EDU 10!=00375f00 DMA OK' },
    { returned: driven, offers: '0 0' },
  ];
}

export const shortStoryResults = shortStoryWith(null);
