// Owns the addresses of the user network: those that a guest would find on KubeVirt's pod network.
// Must not forward ports.
import type { JsonObject } from '../../api/object.ts';

/** KubeVirt's defaults: a manifest that configures its guest by hand uses exactly these. */
const defaultCidr = '10.0.2.0/24';
const defaultIpv6Prefix = 'fd10:0:2::';

// The built-in DHCP server gives out 16 addresses.
const longestPrefix = 27;

/** Members of `-netdev user`, or undefined when the CIDR is none that the built-in DHCP server can serve. */
export function userNetwork(cidr: string = defaultCidr): JsonObject | undefined {
  const match = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(cidr);
  const [address, length] = [match?.[1], Number(match?.[2])];
  if (address === undefined || length < 8 || length > longestPrefix) return undefined;
  const octets = address.split('.').map(Number);
  if (octets.some((octet) => octet > 255)) return undefined;
  const size = 2 ** (32 - length);
  const base = Math.floor(octets.reduce((sum, octet) => sum * 256 + octet, 0) / size) * size;
  return {
    net: `${dotted(base)}/${length}`,
    // Gateway and guest as in KubeVirt, not slirp's own .2 and .15.
    host: dotted(base + 1),
    dhcpstart: dotted(base + 2),
    // At the end, where no lease can reach it.
    dns: dotted(base + size - 2),
    'ipv6-prefix': defaultIpv6Prefix,
    // KubeVirt's /120 has no room for the addresses that guests make of the router's advertisement.
    'ipv6-prefixlen': 64,
    'ipv6-host': `${defaultIpv6Prefix}1`,
    'ipv6-dns': `${defaultIpv6Prefix}3`,
  };
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
