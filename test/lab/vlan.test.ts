// Owns the proof that a machine on one VLAN of a bridge boots from that VLAN's server, and that the other VLAN's hears nothing of it.
import { expect, test } from 'vitest';
import { runInLab } from './run-in-lab.ts';

test('VLAN 10 and VLAN 1 of one bridge are two networks', async () => {
  const run = await runInLab({
    program: new URL('programs/vlan.ts', import.meta.url),
    memoryMiB: 2048,
    modules: ['bridge', '8021q', 'veth', 'tun'],
    timeoutMs: 540_000,
  });
  console.log(`lab: done after ${run.seconds.total.toFixed(0)} s`);
  expect(run.results).toEqual([
    { bridge: expect.objectContaining({ name: 'br1', vlanFiltering: 'on', up: true, ownedByVirtdeck: true, defaultVlan: 1 }) },
    {
      vlan: 10,
      said: expect.stringMatching(/^BOOTED-FROM-VLAN-10 mac de:00:00:00:00:de ip 192\.168\.10\.\d+$/),
      port: expect.objectContaining({ vlans: [{ vlan: 10, flags: ['PVID', 'Egress Untagged'] }] }),
      // Of this boot: the other server has heard nothing at all.
      heard: { 10: true, 1: false },
    },
    { left: [] },
    {
      vlan: 1,
      said: expect.stringMatching(/^BOOTED-FROM-VLAN-1 mac de:00:00:00:00:de ip 192\.168\.1\.\d+$/),
      port: expect.objectContaining({ vlans: [{ vlan: 1, flags: ['PVID', 'Egress Untagged'] }] }),
      heard: { 10: false, 1: true },
    },
    { left: [] },
  ]);
});
