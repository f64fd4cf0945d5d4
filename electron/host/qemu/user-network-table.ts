// Owns reading `info usernet`: which connections and forwards QEMU's user network has.
// Must not ask for it.

export interface UserNetworkRow {
  readonly netdev: string;
  readonly protocol: 'TCP' | 'UDP';
  /** `HOST_FORWARD`, or a TCP state such as `SYN_SENT`. */
  readonly state: string;
  readonly sourceAddress: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** `Hub -1 (network-default):`, then a heading, then one row a socket. What does not look like a row is passed over. */
export function userNetworkRows(text: string): readonly UserNetworkRow[] {
  let netdev = '';
  return text.split(/\r?\n/).flatMap((line) => {
    netdev = /^Hub -?\d+ \((.+)\):/.exec(line)?.[1] ?? netdev;
    const [, protocol, state, sourceAddress, sourcePort, destinationPort] =
      /^\s*(TCP|UDP)\[([^\]]*)\]\s+-?\d+\s+(\S+)\s+(\d+)\s+\S+\s+(\d+)/.exec(line) ?? [];
    if ((protocol !== 'TCP' && protocol !== 'UDP') || state === undefined || sourceAddress === undefined) return [];
    return [{ netdev, protocol, state, sourceAddress, sourcePort: Number(sourcePort), destinationPort: Number(destinationPort) }];
  });
}
