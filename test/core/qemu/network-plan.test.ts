// Owns the addresses of the user network and the ports that lead to a guest.
// Must not bind anything.
import { expect, test } from 'vitest';
import { annotations } from '../../../electron/api/annotations.ts';
import { freePort, portForwardsOf, wantedHostPorts } from '../../../electron/core/qemu/port-forwards.ts';
import { userNetwork } from '../../../electron/core/qemu/user-network.ts';
import { machine } from './machines.ts';

test.each([
  { cidr: undefined, want: ['10.0.2.0/24', '10.0.2.1', '10.0.2.2', '10.0.2.254'] },
  { cidr: '10.11.12.0/27', want: ['10.11.12.0/27', '10.11.12.1', '10.11.12.2', '10.11.12.30'] },
  { cidr: '192.168.77.9/24', want: ['192.168.77.0/24', '192.168.77.1', '192.168.77.2', '192.168.77.254'] },
  { cidr: '172.16.0.0/12', want: ['172.16.0.0/12', '172.16.0.1', '172.16.0.2', '172.31.255.254'] },
  { cidr: '10.0.0.0/28', want: undefined },
  { cidr: '10.0.0.0/7', want: undefined },
  { cidr: '10.0.0.256/24', want: undefined },
  { cidr: 'fd00::/64', want: undefined },
  { cidr: '10.0.0.0/24,restrict=on', want: undefined },
])('user network $cidr', ({ cidr, want }) => {
  const found = userNetwork(cidr);
  expect(found === undefined ? undefined : [found.net, found.host, found.dhcpstart, found.dns]).toEqual(want);
});

const card = {
  name: 'default',
  masquerade: {},
  ports: [
    { name: 'ssh', port: 22 },
    { port: 8080, protocol: 'UDP' },
  ],
};

test('the annotation speaks first; ports of the manifest follow, privileged ones moved up', () => {
  const vmi = machine({ devices: { interfaces: [card] }, annotations: { [annotations.portForwards]: '[{"host":2222,"guest":22}]' } });
  expect(portForwardsOf(vmi)).toEqual({
    forwards: [
      {
        protocol: 'tcp',
        address: '127.0.0.1',
        host: 2222,
        guest: 22,
        field: `metadata.annotations[virtdeck.io/port-forwards][0]`,
        fixed: true,
      },
      { protocol: 'udp', address: '127.0.0.1', host: 8080, guest: 8080, field: 'spec.domain.devices.interfaces[0].ports[1]', fixed: false },
    ],
    causes: [],
  });
});

test('an empty annotation is none', () => {
  expect(portForwardsOf(machine({ annotations: { [annotations.portForwards]: ' ' } }))).toEqual({ forwards: [], causes: [] });
});

test.each([
  { taken: [2222], want: 2223 },
  { taken: [2222, 2223, 2224], want: 2225 },
  { taken: Array.from({ length: 30 }, (_, index) => 2222 + index), want: undefined },
])('a free port beside $taken', ({ taken, want }) => {
  expect(freePort(2222, new Set(taken))).toBe(want);
});

test('every port that may be suggested is asked for', () => {
  const vmi = machine({ annotations: { [annotations.portForwards]: '[{"host":65530,"guest":22}]' } });
  expect(wantedHostPorts(vmi)).toEqual([65530, 65531, 65532, 65533, 65534, 65535]);
});
