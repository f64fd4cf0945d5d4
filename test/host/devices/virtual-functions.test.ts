// Owns the table of what iproute2 tells of virtual functions, and whose each word is.
// Must not ask the kernel; the lab does.
import { expect, test, vi } from 'vitest';
import { createSysfs } from '../../../electron/host/devices/sysfs.ts';
import { functionsIn, readFunctions } from '../../../electron/host/devices/virtual-functions.ts';
import { writeDeviceTree } from '../../fakes/device-tree.ts';
import { workstation } from '../../fakes/workstation.ts';
import { tempDir } from '../temp-dir.ts';

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

test('of a card: by the address of each function; nobody is asked of a card that has none', async () => {
  const root = tempDir();
  writeDeviceTree(root, workstation);
  const tell = vi.fn(async () => JSON.stringify(igb));
  const read = async (address: string): Promise<unknown> =>
    Object.fromEntries(await readFunctions(createSysfs(root), `/sys/bus/pci/devices/${address}`, tell));
  expect(await read('0000:04:00.0')).toMatchObject({
    '0000:04:02.0': { mac: '02:00:00:00:01:64', vlan: 100 },
    '0000:04:02.1': { mac: '00:00:00:00:00:00', vlan: 0 },
  });
  expect(tell.mock.calls).toEqual([['enp4s0']]);
  expect([await read('0000:05:00.0'), tell.mock.calls.length]).toEqual([{}, 1]);
});
