// Owns reading QEMU's table of user-network sockets, as version 7.2 prints it.
import { expect, test } from 'vitest';
import { userNetworkRows } from '../../../electron/host/qemu/user-network-table.ts';

const printed = [
  'Hub -1 (network-default):',
  '  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ',
  '  TCP[HOST_FORWARD]  11       127.0.0.1 41955        10.0.2.2    22     0     0',
  '  TCP[SYN_SENT]      12       127.0.0.1 41955        10.0.2.2    22     0     0',
  '  UDP[236 sec]       14        10.0.2.2 68         10.0.2.1    67     0     0',
  '  ICMP[4 sec]        15        10.0.2.2  -          1.1.1.1     -     0     0',
  'Hub -1 (network-second):',
  '  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ',
  '  UDP[HOST_FORWARD]  13       127.0.0.1 60762        10.0.2.2    53     0     0',
  '',
].join('\r\n');

test('a row is a socket of its network; headings and what has no ports are passed over', () => {
  expect(userNetworkRows(printed)).toEqual([
    {
      netdev: 'network-default',
      protocol: 'TCP',
      state: 'HOST_FORWARD',
      sourceAddress: '127.0.0.1',
      sourcePort: 41955,
      destinationPort: 22,
    },
    { netdev: 'network-default', protocol: 'TCP', state: 'SYN_SENT', sourceAddress: '127.0.0.1', sourcePort: 41955, destinationPort: 22 },
    { netdev: 'network-default', protocol: 'UDP', state: '236 sec', sourceAddress: '10.0.2.2', sourcePort: 68, destinationPort: 67 },
    {
      netdev: 'network-second',
      protocol: 'UDP',
      state: 'HOST_FORWARD',
      sourceAddress: '127.0.0.1',
      sourcePort: 60762,
      destinationPort: 53,
    },
  ]);
  expect(userNetworkRows('')).toEqual([]);
});
