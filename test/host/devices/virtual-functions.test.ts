// Owns the table of what iproute2 tells of virtual functions.
// Must not ask the kernel; the lab does.
import { expect, test } from 'vitest';
import { functionsIn } from '../../../electron/host/devices/virtual-functions.ts';

/** Recorded: iproute2 6.1, igb with two functions. */
const igb = [
  {
    ifname: 'eth0',
    vfinfo_list: [
      {
        vf: 0,
        link_type: 'ether',
        address: '02:00:00:00:01:64',
        broadcast: 'ff:ff:ff:ff:ff:ff',
        vlan_list: [{ vlan: 100 }],
        spoofchk: true,
        link_state: 'auto',
        trust: false,
      },
      { vf: 1, link_type: 'ether', address: '00:00:00:00:00:00', spoofchk: true, link_state: 'enable', trust: true },
    ],
  },
];

test.each([
  [
    'two functions, one in a VLAN',
    JSON.stringify(igb),
    [
      [0, { mac: '02:00:00:00:01:64', vlan: 100, qos: 0, spoofCheck: true, trust: false, linkState: 0 }],
      [1, { mac: '00:00:00:00:00:00', vlan: 0, qos: 0, spoofCheck: true, trust: true, linkState: 1 }],
    ],
  ],
  [
    'an older iproute2, whose VLAN is a number',
    JSON.stringify([{ vfinfo_list: [{ vf: 3, mac: '02:00:00:00:00:01', vlan: 7, qos: 2 }] }]),
    [[3, { mac: '02:00:00:00:00:01', vlan: 7, qos: 2 }]],
  ],
  ['a card without functions', JSON.stringify([{ ifname: 'eth0' }]), []],
  ['another shape', JSON.stringify([{ vfinfo_list: [{ vf: 'x' }] }]), []],
  ['no JSON', 'Device "eth9" does not exist.', []],
])('%s', (_, text, functions) => {
  expect([...functionsIn(text)]).toEqual(functions);
});
