// Owns the proof of overcommit on a booted guest: what it frees comes back to this computer, it is left alone while it waits for memory itself, gives
// when memory is short, and gets it again. The same guest stands still while the computer sleeps, and knows the time after it.
// Must not make memory short, nor let it sleep: this computer is shared. Both are pretended; all else is real.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resources } from '../../electron/api/resources.ts';
import type { VirtualMachineInstance } from '../../electron/api/kinds/virtual-machine-instance.ts';
import type { Event } from '../../electron/api/kinds/event.ts';
import type { DraftObject } from '../../electron/api/object.ts';
import type { MemoryOfMachine } from '../../electron/api/memory.ts';
import type { Host } from '../../electron/engine/ports.ts';
import { type Console, openConsole } from './console.ts';
import { coreInProcess } from './core-in-process.ts';
import { guestMachine } from './guest-machine.ts';
import { tinyLinuxDisk, tinyLinuxReady } from './tiny-linux.ts';

let shortMiB: number | undefined;
let looks = 0;
const pretend = (host: Host): Host => ({
  ...host,
  session: {
    ...host.session,
    watchSleep(listener) {
      sleep = listener;
      return () => undefined;
    },
  },
  memory: {
    ...host.memory,
    async facts() {
      const facts = await host.memory.facts();
      const pressure = { somePercent: 0, fullPercent: 0 };
      const noSwap = { swapTotalMiB: 0, swapFreeMiB: 0, swappedInMiB: 0 };
      looks += 1;
      return { ...facts, ...noSwap, pressure, availableMiB: shortMiB ?? Math.floor(facts.totalMiB / 2) };
    },
  },
});

/** What this computer would tell of its sleep: the real one must not. */
let sleep: Parameters<Host['session']['watchSleep']>[0] | undefined;

const key = { namespace: 'default', name: 'lent' };
test('what a guest frees comes back; who waits for memory keeps it; short of memory it gives down to its request, and gets it again', async () => {
  shortMiB = undefined;
  const core = await coreInProcess(pretend);
  const vms = { resource: resources.virtualMachines, ...key };
  const runs = () => core.engine.list(resources.virtualMachineInstances).items;
  try {
    const disk = join(core.folder, 'disk.img');
    copyFileSync(await tinyLinuxDisk({ agent: true }), disk);
    await core.engine.create(
      resources.virtualMachines,
      'default',
      guestMachine(key.name, {
        disk,
        memory: '512Mi',
        runStrategy: 'Manual',
        domain: { resources: { requests: { memory: '256Mi' } } },
        devices: { autoattachGraphicsDevice: false },
      }) as DraftObject,
    );
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

    // A group of the guest's programs is held below what it wants: the guest's own kernel counts that somebody waits, and its agent tells.
    const { totalMiB } = (await core.engine.memory()).computer;
    await expect.poll(() => conditionsOf(core), { timeout: 60_000 }).toContain('AgentConnected');
    await sleeps(core, terminal);
    terminal.type(
      'mkdir -p /cg && mount -t cgroup2 none /cg && echo +memory > /cg/cgroup.subtree_control && mkdir /cg/held && echo 8M > /cg/held/memory.high\n' +
        "sh -c 'echo $$ > /cg/held/cgroup.procs; exec dd if=/dev/zero of=/tmp/wanted bs=1M count=100 2>/dev/null' & echo hel$((40+2))\n",
    );
    await terminal.waitFor(/hel42/, 60_000);
    await expect.poll(() => pressureIn(terminal), { timeout: 90_000, interval: 1_000 }).toBeGreaterThan(30);
    shortMiB = Math.floor(totalMiB * 0.05);
    await expect.poll(async () => (await measured())?.isStruggling, { timeout: 60_000, interval: 500 }).toBe(true);
    const since = looks;
    await expect.poll(() => looks, { timeout: 60_000 }).toBeGreaterThan(since + 4);
    expect(await measured()).toMatchObject({ isStruggling: true, currentMiB: 512 });
    console.log(`somebody in the guest waited ${await pressureIn(terminal)} % of the time, and nothing was taken`);
    shortMiB = undefined;
    terminal.type('kill %1; echo 500M > /cg/held/memory.high; rm -f /tmp/wanted; echo end$((40+2))\n');
    await terminal.waitFor(/end42/, 60_000);

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

function conditionsOf({ engine }: Awaited<ReturnType<typeof coreInProcess>>): readonly string[] {
  const [run] = engine.list(resources.virtualMachineInstances).items as readonly VirtualMachineInstance[];
  return (run?.status?.conditions ?? []).flatMap(({ type, status }) => (status === 'True' ? [type] : []));
}

/** It stands still while the computer sleeps, and knows the time after it, whatever it believed before. */
async function sleeps(core: Awaited<ReturnType<typeof coreInProcess>>, terminal: Console): Promise<void> {
  terminal.type('date -s "2001-01-01 12:00"; echo year=$(date +%Y)=\n');
  await terminal.waitFor(/year=2001=/, 60_000);
  await sleep?.onSleep();
  expect(conditionsOf(core)).toContain('Paused');
  await sleep?.onWake();
  await expect.poll(() => conditionsOf(core), { timeout: 60_000 }).not.toContain('Paused');
  terminal.type('echo now=$(date +%s)=\n');
  const [, seconds] = await terminal.waitFor(/now=(\d+)=/, 60_000);
  expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(60);
  console.log(`after a sleep the guest's clock is off by ${(Number(seconds) - Date.now() / 1000).toFixed(1)} s`);
}

/** Percent of the last ten seconds, by the guest's own account. */
async function pressureIn(terminal: Console): Promise<number> {
  terminal.type("echo wait=$(sed -n 's/^some avg10=\\([0-9.]*\\).*/\\1/p' /proc/pressure/memory)%\n");
  const [, percent] = await terminal.waitFor(/wait=([\d.]+)%/, 60_000);
  return Number(percent);
}

/** MiB, by the guest's own account. */
async function availableIn(terminal: Console): Promise<number> {
  terminal.type("echo avail=$(awk '/MemAvailable/ {print $2}' /proc/meminfo)kB\n");
  const [, kibibytes] = await terminal.waitFor(/avail=(\d+)kB/, 60_000);
  return Math.floor(Number(kibibytes) / 1024);
}
