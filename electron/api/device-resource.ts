// Owns which names of resources are those of devices that machines are handed.
// Must not know who has them.

/** KubeVirt's own (kvm, tun, vhost-net): every machine has them, so nobody allows them and no quota counts them. */
const ofEveryMachine = 'devices.kubevirt.io/';

/** Those with a maker before a slash, as in a Node's capacity. */
export function isDeviceResource(name: string): boolean {
  return name.includes('/') && !name.startsWith(ofEveryMachine);
}
