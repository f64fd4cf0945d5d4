// Owns the proof of the guest agent's side of the host on a real Debian: what it tells when it appears, after adoption, and its usage.
// Must not use the engine.
import { expect, onTestFinished, test } from 'vitest';
import type { MachineFact } from '../../electron/core/facts.ts';
import { runCommand } from '../../electron/host/exec.ts';
import { createMachines } from '../../electron/host/machines.ts';
import { isRunning, processStat } from '../../electron/host/proc.ts';
import { systemClock } from '../../electron/host/system-clock.ts';
import { silentLog } from '../host/silent-log.ts';
import { tempDir } from '../host/temp-dir.ts';
import { debianImage } from './debian-image.ts';
import { smallPlan } from './host-plan.ts';
import { unlimited } from '../fakes/unlimited.ts';

const bootMs = 240_000;
const soon = { timeout: 60_000, interval: 100 };
const address = expect.arrayContaining([expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/)]);

test('the agent tells the system and its addresses, also to a core that comes later, and counts the network', async () => {
  const directory = tempDir();
  const image = `${directory}/root.raw`;
  // A plan opens no backing file, so the guest gets a copy, without its holes.
  const copied = await runCommand({
    program: 'cp',
    args: ['--sparse=always', '--reflink=auto', await debianImage(), image],
    timeoutMs: 120_000,
  });
  expect(copied.code, copied.stderr).toBe(0);
  const machines = createMachines({
    dataDir: `${directory}/d`,
    runDir: `${directory}/r`,
    clock: systemClock,
    log: silentLog,
    limits: unlimited(),
  });
  onTestFinished(() => machines.close());
  const plan = smallPlan({ machines, pool: directory, image, writable: true, memory: '1Gi', userData: '#cloud-config\nhostname: proof\n' });
  await machines.createRunDir(plan);
  for (const file of plan.files) await machines.placeFile(file);
  const facts: MachineFact[] = [];
  const first = await machines.spawn(plan, (fact) => facts.push(fact));
  const stat = await processStat(first.pid);
  onTestFinished(async () => {
    if (stat !== undefined && (await isRunning(stat))) process.kill(first.pid, 'SIGKILL');
  });
  await expect(first.agent('guest-ping')).rejects.toMatchObject({ code: 'AgentUnavailable' });
  await first.qmp('cont');

  const told = (type: MachineFact['type'], from: readonly MachineFact[]) => from.findLast((fact) => fact.type === type);
  await expect.poll(() => told('Agent', facts), { timeout: bootMs, interval: 200 }).toMatchObject({ connected: true });
  await expect.poll(() => told('GuestOs', facts), soon).toMatchObject({ os: { id: 'debian', machine: 'x86_64', hostname: 'proof' } });
  await expect
    .poll(() => told('Interfaces', facts), soon)
    .toMatchObject({
      interfaces: [{ interfaceName: expect.any(String), mac: expect.stringMatching(/^[0-9a-f:]{17}$/), ipAddresses: address }],
    });

  // Its own counters, and its memory by the balloon, which reports every two seconds once somebody has asked.
  await first.usage();
  await expect
    .poll(async () => await first.usage(), { timeout: 30_000, interval: 500 })
    .toMatchObject({ guestUsedMiB: expect.any(Number), netRxBps: expect.any(Number), netTxBps: expect.any(Number) });

  // A core that comes later learns it all again, without the guest doing anything.
  await first.detach();
  const [found] = await machines.scan();
  if (found === undefined) throw new Error('not found');
  const later: MachineFact[] = [];
  const adopted = await machines.adopt(found, (fact) => later.push(fact));
  await expect.poll(() => later.map(({ type }) => type), soon).toEqual(['Agent', 'GuestOs', 'Interfaces']);

  expect(await adopted.agent('guest-shutdown', { mode: 'powerdown' })).toBe(null);
  expect(await adopted.exited).toEqual({ type: 'GuestShutdown' });
  expect(told('Agent', later)).toMatchObject({ connected: false });
});
