// Owns the proof that a stop becomes harder and harder and ends within its grace period.
// Must not wait in real time.
import { expect, test } from 'vitest';
import { resources } from '../../electron/api/resources.ts';
import { vm, withDomain, withRunStrategy, withTemplate } from '../fakes/builders.ts';
import type { GuestBehaviour } from '../fakes/fake-world.ts';
import { condition, startCore, type TestCore } from './harness.ts';

interface Row {
  readonly name: string;
  readonly behaviour: Partial<GuestBehaviour>;
  readonly agent?: boolean;
  readonly acpi?: boolean;
  readonly graceSeconds: number;
  /** When it ended, ms after the stop; and how. */
  readonly endedAtMs: number;
  readonly exit: string;
  readonly qmp: readonly string[];
  readonly agentLog?: readonly string[];
}

const rows: readonly Row[] = [
  { name: 'the button is enough', behaviour: {}, graceSeconds: 30, endedAtMs: 2_000, exit: 'GuestShutdown', qmp: ['system_powerdown'] },
  {
    name: 'the guest ignores the button and has no agent',
    behaviour: { acpi: 'ignores' },
    graceSeconds: 30,
    endedAtMs: 25_000,
    exit: 'HostStopped',
    qmp: ['system_powerdown', 'quit'],
  },
  {
    name: 'the guest ignores the button and hears its agent',
    behaviour: { acpi: 'ignores' },
    agent: true,
    graceSeconds: 180,
    endedAtMs: 12_000,
    exit: 'GuestShutdown',
    qmp: ['system_powerdown'],
    agentLog: ['guest-shutdown'],
  },
  {
    name: 'a short grace period asks the agent sooner',
    behaviour: { acpi: 'ignores', shutdownMs: 500 },
    agent: true,
    graceSeconds: 6,
    endedAtMs: 2_500,
    exit: 'GuestShutdown',
    qmp: ['system_powerdown'],
    agentLog: ['guest-shutdown'],
  },
  {
    name: 'without ACPI there is only the agent',
    behaviour: {},
    agent: true,
    acpi: false,
    graceSeconds: 30,
    endedAtMs: 2_000,
    exit: 'GuestShutdown',
    qmp: [],
    agentLog: ['guest-shutdown'],
  },
  {
    name: 'without ACPI and agent nobody is waited for',
    behaviour: {},
    acpi: false,
    graceSeconds: 30,
    endedAtMs: 0,
    exit: 'HostStopped',
    qmp: ['quit'],
  },
  {
    name: 'QEMU itself hangs',
    behaviour: { acpi: 'ignores', quit: 'ignored' },
    graceSeconds: 30,
    endedAtMs: 30_000,
    exit: 'Killed',
    qmp: ['system_powerdown', 'quit'],
  },
  { name: 'a power cut', behaviour: {}, graceSeconds: 0, endedAtMs: 0, exit: 'HostStopped', qmp: ['quit'] },
  {
    name: 'a power cut of a QEMU that hangs',
    behaviour: { quit: 'ignored' },
    graceSeconds: 0,
    endedAtMs: 2_000,
    exit: 'Killed',
    qmp: ['quit'],
  },
];

test.each(rows)('$name', async ({ behaviour, agent = false, acpi = true, graceSeconds, endedAtMs, exit, qmp, agentLog = [] }) => {
  const core = await machine(graceSeconds, acpi);
  core.host.world.behave(behaviour);
  if (agent) core.guest().agentConnects(true);
  await core.settle();
  const guest = core.guest();
  await core.act('stop');
  if (endedAtMs > 0) await core.clock.advance(endedAtMs - 1);
  const justBefore = guest.alive;
  await core.clock.advance(1);
  expect({
    justBefore,
    alive: guest.alive,
    exit: guest.exit?.type,
    qmp: guest.qmpLog.slice(1).map(({ execute }) => execute),
    agent: guest.agentLog,
    printable: core.vm()?.status?.printableStatus,
    run: core.vmi(),
  }).toEqual({ justBefore: endedAtMs > 0, alive: false, exit, qmp, agent: agentLog, printable: 'Stopped', run: undefined });
});

test('while it stops: Stopping, not ready, with a picture kept', async () => {
  const core = await machine(30);
  await core.act('stop');
  expect([
    core.vm()?.status?.printableStatus,
    condition(core.vmi(), 'Ready'),
    core.events().at(-1),
    core.host.world.screenshots.size,
  ]).toEqual(['Stopping', 'False/PodTerminating', 'ShuttingDown: Signaled Graceful Shutdown', 1]);
});

test('a shorter grace period in the middle takes effect at once', async () => {
  const core = await machine(300);
  core.host.world.behave({ acpi: 'ignores' });
  const guest = core.guest();
  await core.act('stop');
  await core.clock.advance(60_000);
  const waiting = guest.alive;
  await core.delete(resources.virtualMachineInstances, 'web', { gracePeriodSeconds: 10 });
  expect([waiting, guest.exit?.type, core.vmi()]).toEqual([true, 'HostStopped', undefined]);
});

test('the grace period goes on where a core that died left it', async () => {
  const core = await machine(30);
  core.host.world.behave({ acpi: 'ignores' });
  const guest = core.guest();
  await core.act('stop');
  await core.clock.advance(20_000);
  const next = await core.reborn();
  await core.clock.advance(4_999);
  const justBefore = guest.alive;
  await core.clock.advance(1);
  expect([justBefore, guest.exit?.type, next.vmi(), next.vm()?.status?.printableStatus]).toEqual([
    true,
    'HostStopped',
    undefined,
    'Stopped',
  ]);
});

test('how it ended shows on a run that stays', async () => {
  const core = await machine(30);
  core.host.world.behave({ acpi: 'ignores' });
  await core.engine.update(
    { resource: resources.virtualMachineInstances, namespace: 'default', name: 'web' },
    {
      ...core.vmi(),
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachineInstance',
      metadata: { ...core.vmi()?.metadata, finalizers: ['example/keep', ...(core.vmi()?.metadata.finalizers ?? [])] },
    },
  );
  await core.act('stop');
  await core.clock.advance(25_000);
  expect([core.vmi()?.status?.phase, core.vmi()?.status?.reason, core.events().at(-1)]).toEqual([
    'Failed',
    'Destroyed',
    'Stopped: The guest did not shut down within its grace period and was ended with SIGTERM.',
  ]);
});

async function machine(terminationGracePeriodSeconds: number, acpi = true): Promise<TestCore> {
  const core = await startCore();
  await core.made(
    vm(
      withRunStrategy('Manual'),
      withTemplate((spec) => ({ ...spec, terminationGracePeriodSeconds })),
      withDomain((domain) => (acpi ? domain : { ...domain, features: { acpi: { enabled: false } } })),
    ),
  );
  await core.act('start');
  return core;
}
