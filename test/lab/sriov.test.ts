// Owns the proof that a virtual function is a machine's network card, with its MAC address and VLAN, and comes back as it was.
// Must not repeat how devices are handed over; passthrough.test.ts has it.
import { expect, test } from 'vitest';
import { newerQemuUnreachable } from '../guests/newer-qemu.ts';
import { runInLab } from './run-in-lab.ts';

// Only the newer QEMU has a card whose functions Linux can tell a VLAN.
const reason = await newerQemuUnreachable();
const where = reason === undefined ? '' : ` (skipped: ${reason})`;

const mac = '02:00:00:00:01:64';
const card = 'spec.template.spec.domain.devices.interfaces[0].sriov';
const network = 'spec.template.spec.networks[0].multus.networkName';

test.skipIf(reason !== undefined)(
  `a function is told its MAC and VLAN, reaches a guest, and is as before after it${where}`,
  { timeout: 900_000 },
  async () => {
    const began = performance.now();
    const run = await runInLab({
      program: new URL('programs/sriov.ts', import.meta.url),
      qemu: 'backports',
      iommu: 'intel',
      devices: ['nicWithSriov'],
      modules: ['igb'],
      memoryMiB: 1536,
      kernelArguments: 'clocksource=acpi_pm',
      timeoutMs: 860_000,
      onResult: (value) => console.log(`${((performance.now() - began) / 1000).toFixed(0)} s ${JSON.stringify(value)}`),
    });
    const [made, causes, running, guest, after, kept, ofUser, afterUser] = run.results;
    const free = expect.stringMatching(/^vf \d link\/ether 00:00:00:00:00:00 .*spoof checking on/);
    expect(made).toMatchObject({ functions: 2, id: '8086:10ca', network: { name: 'eth0', up: false }, before: [free, free] });
    expect(causes).toEqual({
      noNetwork: [`NetworkMissing ${network}`],
      noResource: [`NetworkWithoutResource ${network}`],
      notPermitted: [`HostDeviceNotPermitted ${card}`],
      notBound: [`NotBound ${card}`],
      cardDown: [`CardDown ${card}`],
      ready: [],
    });
    const { before } = made as { readonly before: readonly string[] };
    const { first } = running as { readonly first: string };
    expect(running).toEqual({
      running: [expect.stringMatching(new RegExp(`^vf 0 link/ether ${mac} .*vlan 100, spoof checking on, .*trust off`)), before[1]],
      held: JSON.stringify({ 'interface/blue': [first] }),
      first,
      busy: expect.stringContaining('a machine has it'),
      quota: { used: { 'requests.intel.com/igbvf': '1' }, causes: 1 },
    });
    expect(guest).toEqual({ guest: 1 });
    const journal = [
      { verb: 'sriov-vf-set', address: first, mac: '00:00:00:00:00:00', vlan: 0, qos: 0, spoofCheck: 1, trust: 0 },
      { verb: 'sriov-vf-set', address: first, mac, vlan: 100, qos: 0, spoofCheck: 1, trust: 0 },
    ];
    expect(after).toEqual({ after: before, journal });
    const over = { after: before, file: false };
    expect(kept).toEqual({
      // Asking whether a machine has it is not taken for a machine's end.
      again: { first: 'set', second: 'set', during: expect.stringContaining('vlan 101,'), ...over },
      more: { asked: 'Busy untilClosed', during: expect.stringMatching(/vlan 100,.*trust off/), ...over },
      ended: {
        ended: 1,
        left: JSON.stringify({ verb: 'sriov-vf-set', address: first, vlan: 0, qos: 0 }),
        next: 'set',
        during: expect.stringMatching(/^(?!.*vlan).*trust on/),
        ...over,
      },
      toStay: {
        undo: { verb: 'sriov-vf-set', address: first, vlan: 0, qos: 0 },
        during: expect.stringContaining('vlan 101,'),
        ...over,
      },
      refused: { asked: 'Unsupported linkState', waiting: 0, ...over },
      files: [],
    });
    // Without a second question: the process that waited put it back.
    expect(ofUser).toEqual({ ofUser: (running as { readonly running: readonly string[] }).running, waiting: 1 });
    expect(afterUser).toEqual({ afterUser: before, journal });
  },
);
