// Owns the proof that a running guest gets processors and memory: the API's change, and what the guest then has.
// Must not reach into the core: whatever is seen here, any client sees.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { VirtualMachineInstance } from '../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import { mebibytesOf } from '../../electron/api/quantity.ts';
import { startCore, type CoreProcess } from '../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath } from '../bench/machines.ts';
import { type Console, openConsole } from './console.ts';
import { guestMachine } from './guest-machine.ts';
import { tinyLinuxDisk, tinyLinuxReady } from './tiny-linux.ts';

const name = 'grows';
let core: CoreProcess;
beforeAll(async () => {
  core = await startCore();
});
afterAll(async () => {
  const gone = awaitPhase(core, name, 'gone');
  await core.request({ method: 'DELETE', path: `${machinesPath}/${name}`, body: { gracePeriodSeconds: 0 } });
  await gone;
  await core.end();
  core.remove();
});

async function ask(domain: object): Promise<void> {
  const body = { spec: { template: { spec: { domain } } } };
  await core.request({ method: 'PATCH', path: `${machinesPath}/${name}`, body, contentType: 'application/merge-patch+json' });
}

/** The first state of the run for which `isIt` says so, on the watch: what it says of its memory then. */
async function until(isIt: (vmi: VirtualMachineInstance) => boolean): Promise<string | undefined> {
  const abort = new AbortController();
  let said: string | undefined;
  for await (const line of core.lines({ path: `${instancesPath}?watch=true`, signal: abort.signal })) {
    const { object } = line as { object: VirtualMachineInstance };
    said = object.status?.conditions?.find(({ type }) => type === 'HotMemoryChange')?.message;
    if (isIt(object)) break;
  }
  abort.abort();
  return said;
}

/** Some of what was to be given back, and not all. */
function between(current: string | undefined): boolean {
  const mib = mebibytesOf(current) ?? 0;
  return mib > 1024 && mib < 2048;
}

async function answer(terminal: Console, command: string, pattern: RegExp): Promise<RegExpExecArray> {
  terminal.type(`${command}\n`);
  return await terminal.waitFor(pattern, 120_000);
}

/** MemTotal of the guest, MiB. */
async function memory(terminal: Console): Promise<number> {
  const [, kib = ''] = await answer(terminal, "echo mem=$(awk '/MemTotal/ {print $2}' /proc/meminfo)=", /mem=(\d+)=/);
  return Number(kib) / 1024;
}

test('a running guest gets a processor and memory, gives the memory back when it can, and would need a restart to lose the processor', async () => {
  const disk = join(core.dataDir.replace(/\/data$/, ''), 'grows.img');
  // Most distributions do both by a rule of udev, which this guest has not. Movable: what the kernel put there itself it could not give back.
  const commands = ['echo online_movable > /sys/devices/system/memory/auto_online_blocks'];
  copyFileSync(await tinyLinuxDisk({ modules: ['virtio_mem'], commands }), disk);
  await core.request({
    method: 'POST',
    path: machinesPath,
    body: guestMachine(name, {
      disk,
      domain: { cpu: { sockets: 1, cores: 1, maxSockets: 2 }, memory: { guest: '1Gi', maxGuest: '2Gi' } },
    }),
  });
  await awaitPhase(core, name, 'Running');
  const terminal = await openConsole(core.socket, name);
  await terminal.waitFor(new RegExp(tinyLinuxReady), 240_000);
  const before = await memory(terminal);
  await answer(terminal, 'echo cpus=$(cat /sys/devices/system/cpu/online)=', /cpus=0=/);

  await ask({ cpu: { sockets: 2 } });
  await until(({ status }) => status?.currentCPUTopology?.sockets === 2);
  await answer(
    terminal,
    'until [ -e /sys/devices/system/cpu/cpu1 ]; do sleep 1; done; echo 1 > /sys/devices/system/cpu/cpu1/online; echo cpus=$(nproc)=',
    /cpus=2=/,
  );

  await ask({ memory: { guest: '2Gi' } });
  await until(({ status }) => status?.memory?.guestCurrent === '2Gi');
  expect((await memory(terminal)) - before).toBeGreaterThan(900);
  const { status } = (await core.request({ path: `${machinesPath}/${name}` })) as VirtualMachine;
  expect(status?.conditions?.filter(({ type }) => ['RestartRequired', 'HotVCPUChange', 'HotMemoryChange'].includes(type))).toEqual([]);

  // What it holds in files of memory has no other place to go to.
  await answer(
    terminal,
    'mount -t tmpfs -o size=1500m tmpfs /mnt; dd if=/dev/zero of=/mnt/held bs=1M count=1300; echo hel$((40+2))',
    /hel42/,
  );
  await ask({ memory: { guest: '1Gi' } });
  const held = await until((vmi) => between(vmi.status?.memory?.guestCurrent));
  const [, has, gives] =
    /^The guest has (\d+) MiB and is to have 1024 MiB: it gives back (\d+) MiB when it no longer uses them\.$/.exec(held ?? '') ?? [];
  expect(Number(has) - Number(gives)).toBe(1024);
  console.log(`asked for 1024 MiB: ${held}`);
  await answer(terminal, 'rm /mnt/held; echo fre$((40+2))', /fre42/);
  // The guest tries again by itself within a minute; another word of ours has it try at once.
  await ask({ memory: { guest: '1028Mi' } });
  await until((vmi) => vmi.status?.memory?.guestRequested === '1028Mi');
  await ask({ memory: { guest: '1Gi' } });
  await until((vmi) => vmi.status?.memory?.guestCurrent === '1Gi');
  expect(Math.abs((await memory(terminal)) - before)).toBeLessThan(64);

  await ask({ cpu: { sockets: 1 } });
  const path = `${machinesPath}?watch=true`;
  const abort = new AbortController();
  for await (const line of core.lines({ path, signal: abort.signal })) {
    const told = (line as { object: VirtualMachine }).object.status?.conditions?.find(({ type }) => type === 'RestartRequired');
    if (told === undefined) continue;
    expect(told.message).toBe('Reduction of CPU socket count requires a restart');
    break;
  }
  abort.abort();
  terminal.close();
});
