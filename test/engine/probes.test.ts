// Owns the proof of probes over time: readiness in the Ready condition, a guest that does not live is ended and made anew.
// Must not look inside the engine.
import { expect, test } from 'vitest';
import { vm, withRunStrategy, withTemplate } from '../fakes/builders.ts';
import { condition, machineKey, printable, startCore, type TestCore } from './harness.ts';

type Probes = Partial<Record<'readinessProbe' | 'livenessProbe', object>>;

async function probed(probes: Probes): Promise<TestCore> {
  const core = await startCore();
  await core.made(
    vm(
      withRunStrategy('Always'),
      withTemplate((spec) => ({ ...spec, terminationGracePeriodSeconds: 20, ...probes })),
    ),
  );
  return core;
}

const ping = { guestAgentPing: {}, periodSeconds: 5, failureThreshold: 2 };

test('a machine is ready when its probe says so, and no longer when it fails often enough', async () => {
  const core = await probed({ readinessProbe: { ...ping, initialDelaySeconds: 10, successThreshold: 2 } });
  const seen = [condition(core.vmi(), 'Ready')];
  const look = async (ms: number): Promise<void> => {
    await core.clock.advance(ms);
    seen.push(condition(core.vmi(), 'Ready'));
  };
  await look(9_000);
  const askedEarly = core.guest().probeLog.length;
  await look(2_000);
  await look(5_000);
  core.host.world.behave({ failsProbes: ['guestAgentPing'] });
  await look(5_000);
  await look(5_000);
  expect([askedEarly, seen, condition(core.vm(), 'Ready'), core.vm()?.status?.ready, core.events().at(-1)]).toEqual([
    0,
    ['False/ContainersNotReady', 'False/ContainersNotReady', 'False/ContainersNotReady', 'True', 'True', 'False/ContainersNotReady'],
    'False/ContainersNotReady',
    false,
    'Unhealthy: Readiness probe failed: no answer',
  ]);
});

test('a machine without a probe is ready at once', async () => {
  expect(condition((await probed({})).vmi(), 'Ready')).toBe('True');
});

test('a guest that does not live is ended within its grace period; Always makes a new one, and evidence is kept', async () => {
  const core = await probed({ livenessProbe: ping });
  const first = core.vmi()?.metadata.uid;
  await core.clock.advance(30_000);
  core.host.world.behave({ failsProbes: ['guestAgentPing'], acpi: 'ignores' });
  await core.clock.advance(11_000);
  const dying = [core.vmi()?.metadata.uid === first, core.vmi()?.status?.reason, core.guest().qmpLog.at(-1)?.execute];
  core.host.world.behave({ failsProbes: [] });
  await core.clock.advance(30_000);
  const [kept] = await core.engine.evidence(machineKey());
  expect([dying, core.vmi()?.metadata.uid === first, printable(core), kept?.reason, kept?.hasScreenshot]).toEqual([
    [true, 'LivenessProbeFailed', 'system_powerdown'],
    false,
    'Running',
    'LivenessProbeFailed',
    true,
  ]);
  expect(core.events().filter((line) => line.startsWith('Stopped'))).toEqual([
    'Stopped: The liveness probe failed, and the machine was ended.',
  ]);
});

test('a paused guest is not asked, and its silence is no death', async () => {
  const core = await probed({ livenessProbe: ping });
  await core.clock.advance(11_000);
  await core.act('pause');
  const asked = core.guest().probeLog.length;
  core.host.world.behave({ failsProbes: ['guestAgentPing'] });
  await core.clock.advance(120_000);
  expect([core.guest().probeLog.length - asked, core.guest().alive, core.vmi()?.status?.reason]).toEqual([0, true, undefined]);
});

test('a core that comes back asks again', async () => {
  const before = await probed({ readinessProbe: ping });
  await before.clock.advance(6_000);
  const core = await before.reborn();
  const asked = core.guest().probeLog.length;
  await core.clock.advance(11_000);
  expect([condition(core.vmi(), 'Ready'), core.guest().probeLog.length > asked]).toEqual(['True', true]);
});
