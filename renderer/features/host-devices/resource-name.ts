// Owns the name that a device is suggested on the allow list, as the documentation writes them: nvidia.com/TU104GL_Tesla_T4.
// Must not judge a name; the core does.

export interface NamedDevice {
  readonly vendorId: string;
  readonly deviceId: string;
  readonly vendor?: string | undefined;
  readonly device?: string | undefined;
}

/** Makers whose first word is no name of theirs. */
const domains: Readonly<Record<string, string>> = { '1002': 'amd.com', '1022': 'amd.com', '15b3': 'nvidia.com' };

/** Kubernetes takes no longer a name after the slash. */
const longest = 63;

export function suggestedResource({ vendorId, deviceId, vendor, device }: NamedDevice): string {
  const name = plain(device ?? '');
  return `${domains[vendorId] ?? domainOf(vendor)}/${name === '' ? `${vendorId}_${deviceId}` : name}`;
}

function domainOf(vendor = ''): string {
  const [word = ''] = vendor.toLowerCase().match(/[a-z0-9][a-z0-9-]*[a-z0-9]/) ?? [];
  return word === '' ? 'virtdeck.io' : `${word}.com`;
}

function plain(name: string): string {
  return name
    .replaceAll(/[^A-Za-z0-9._-]+/g, '_')
    .slice(0, longest)
    .replaceAll(/^[._-]+|[._-]+$/g, '');
}
