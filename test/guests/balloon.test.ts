// Owns the proof of overcommit on a booted guest: what it frees comes back to this computer, it gives when memory is short, and gets it again.
// Must not make memory short: this computer is shared. That it is short is pretended; all else is real.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resources } from '../../electron/api/resources.ts';
import type { Event } from '../../electron/api/kinds/event.ts';
import type { MemoryOfMachine } from '../../electron/api/memory.ts';
import type { Host } from '../../electron/engine/ports.ts';
import { type Console, openConsole } from './console.ts';
import { coreInProcess } from './core-in-process.ts';
import { tinyLinuxDisk, tinyLinuxReady } from './tiny-linux.ts';

let shortMiB: number | undefined;
const pretend = (host: Host): Host => ({
  ...host,
  memory: {
    ...host.memory,
    async facts() {
      const facts = await host.memory.facts();
      const pressure = { somePercent: 0, fullPercent: 0 };
      return { ...facts, pressure, availableMiB: shortMiB ?? Math.floor(facts.totalMiB / 2) };
    },
  },
});

const key = { namespace: 'default', name: 'lent' };
const machine = (disk: string) => ({
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name: key.name },
  spec: {
    runStrategy: 'Manual',
    template: {
      spec: {
        terminationGracePeriodSeconds: 0,
        domain: {
          memory: { guest: '512Mi' },
          resources: { requests: { memory: '256Mi' } },
          devices: { autoattachGraphicsDevice: false, disks: [{ name: 'disk', disk: { bus: 'virtio' } }] },
        },
        volumes: [{ name: 'disk', hostDisk: { path: disk, type: 'Disk' } }],
      },
    },
  },
});

test('what a guest frees comes back; short of memory it gives down to its request, and gets it again', async () => {
  shortMiB = undefined;
  const core = await coreInProcess(pretend);
  const vms = { resource: resources.virtualMachines, ...key };
  const runs = () => core.engine.list(resources.virtualMachineInstances).items;
  try {
    const disk = join(core.folder, 'disk.img');
    copyFileSync(await tinyLinuxDisk(), disk);
    await core.engine.create(resources.virtualMachines, 'default', machine(disk));
    await core.engine.act('start', vms);
    await expect
      .poll(() => runs().map(({ status }) => (status as { phase?: string } | undefined)?.phase), { timeout: 120_000 })
      .toEqual(['Running']);
    const terminal = await openConsole(core.socket, key.name);
    await terminal.waitFor(new RegExp(tinyLinuxReady), 240_000);
    const measured = async (): Promise<MemoryOfMachine | undefined> => (await core.engine.memory()).machines[0];
    const resident = async (): Promise<number> => (await measured())?.residentMiB ?? 0;

    // Free page reporting: 200 MiB are filled and freed.
    terminal.type(
      'mount -t tmpfs -o size=400m tmpfs /tmp && dd if=/dev/urandom of=/tmp/full bs=1M count=200 2>/dev/null; echo fil$((40+2))\n',
    );
    await terminal.waitFor(/fil42/, 120_000);
    const full = await resident();
    terminal.type('rm /tmp/full; echo fre$((40+2))\n');
    await terminal.waitFor(/fre42/, 60_000);
    await expect.poll(async () => full - (await resident()), { timeout: 60_000 }).toBeGreaterThan(120);
    console.log(`full ${full} MiB resident, freed ${await resident()} MiB`);

    const before = await availableIn(terminal);
    shortMiB = 200;
    await expect.poll(async () => (await measured())?.currentMiB, { timeout: 90_000, interval: 500 }).toBe(256);
    // The balloon is filled by the guest itself, page by page.
    await expect.poll(() => availableIn(terminal), { timeout: 60_000, interval: 1_000 }).toBeLessThan(before - 200);
    expect(core.engine.list(resources.events).items.map((event) => (event as Event).reason)).toEqual(
      expect.arrayContaining(['MemoryTakenBack']),
    );
    const least = await availableIn(terminal);

    shortMiB = undefined;
    await expect.poll(async () => (await measured())?.currentMiB, { timeout: 120_000, interval: 500 }).toBeGreaterThan(256);
    await expect.poll(() => availableIn(terminal), { timeout: 60_000, interval: 1_000 }).toBeGreaterThan(least + 40);
    console.log(`the guest had ${before} MiB available, ${least} MiB when memory was short, ${await availableIn(terminal)} MiB after`);
    terminal.close();
  } finally {
    core.engine.delete(vms, { gracePeriodSeconds: 0 }).catch(() => undefined);
    await expect.poll(() => runs(), { timeout: 60_000 }).toEqual([]);
    await core.close();
  }
});

/** MiB, by the guest's own account. */
async function availableIn(terminal: Console): Promise<number> {
  terminal.type("echo avail=$(awk '/MemAvailable/ {print $2}' /proc/meminfo)kB\n");
  const [, kibibytes] = await terminal.waitFor(/avail=(\d+)kB/, 60_000);
  return Math.floor(Number(kibibytes) / 1024);
}
