// Owns the proof of a machine's limits over its life: set before the guest runs, changed while it does, told when they do not hold.
// Must not look inside the engine.
import { expect, test } from 'vitest';
import type { DraftObject } from '../../electron/api/object.ts';
import { resources } from '../../electron/api/resources.ts';
import { vm, withDomain, withRunStrategy } from '../fakes/builders.ts';
import { condition, running, startCore, type TestCore, update } from './harness.ts';

const mebibyte = 1024 * 1024;
const withLimits = (limits: Record<string, string>) => withDomain((domain) => ({ ...domain, resources: { limits } }));
const manual = withRunStrategy('Manual');

function limitsOf({ host }: TestCore) {
  return [...host.world.limits.values()];
}

/** A merge patch of the machine's limits. */
function limited(limits: Record<string, string>) {
  return (draft: DraftObject): DraftObject => withLimits(limits)(draft as ReturnType<typeof vm>);
}

async function runningWith(limits: Record<string, string>): Promise<TestCore> {
  const core = await startCore();
  await core.made(vm(manual, withLimits(limits)));
  await core.act('start');
  return core;
}

test('limits are set for a run, and go with it', async () => {
  const core = await runningWith({ memory: '512Mi', cpu: '500m' });
  const [plan] = limitsOf(core);
  expect(plan).toMatchObject({ cpuMilli: 500, oomScoreAdj: 100 });
  expect(plan?.memoryMaxBytes).toBeGreaterThan(512 * mebibyte);
  expect(condition(core.vmi(), 'LimitsEnforced')).toBe('True/Enforced');
  await core.act('stop', 'web', { gracePeriodSeconds: 0 });
  expect(limitsOf(core)).toEqual([]);
});

test('a start that fails leaves no group behind', async () => {
  const core = await startCore();
  core.host.world.behave({ startFails: 'no such device' });
  await core.made(vm(manual, withLimits({ memory: '512Mi' })));
  await core.act('start');
  expect(limitsOf(core)).toEqual([]);
});

test('a machine that ended while nobody watched leaves no group behind', async () => {
  const core = await runningWith({ memory: '512Mi' });
  const guest = core.guest();
  const next = await core.reborn(() => guest.runsOutOfMemory());
  expect(limitsOf(next)).toEqual([]);
});

test('without limits there is nothing to say', async () => {
  const core = await running();
  expect(condition(core.vmi(), 'LimitsEnforced')).toBeUndefined();
});

test('what cannot be enforced is said before the start, and stays a condition of the run', async () => {
  const core = await startCore();
  core.host.computer.become({ limits: { by: 'nothing', can: [], message: 'There is no systemd.' } });
  await core.made(vm(manual, withLimits({ memory: '512Mi' })));
  const check = await core.engine.startCheck({ resource: resources.virtualMachines, namespace: 'default', name: 'web' });
  expect(check.warnings.map(({ reason, field }) => [reason, field])).toContainEqual([
    'LimitNotEnforced',
    'spec.template.spec.domain.resources.limits.memory',
  ]);
  await core.act('start');
  expect(condition(core.vmi(), 'LimitsEnforced')).toBe('False/LimitNotEnforced');
  expect(limitsOf(core)[0]).not.toHaveProperty('memoryMaxBytes');
});

test('what the kernel does not take is said', async () => {
  const core = await startCore();
  core.host.world.limitShortfalls = [{ kind: 'cpu', message: 'The kernel says no.' }];
  await core.made(vm(manual, withLimits({ cpu: '1' })));
  await core.act('start');
  expect(core.vmi()?.status?.conditions?.find(({ type }) => type === 'LimitsEnforced')).toMatchObject({
    status: 'False',
    message: 'The kernel says no.',
  });
});

test('limits change while it runs, without a restart', async () => {
  const core = await runningWith({ memory: '512Mi', cpu: '1' });
  const before = limitsOf(core)[0];
  await update(core, limited({ memory: '1Gi', cpu: '2' }));
  expect(limitsOf(core)[0]).toMatchObject({ cpuMilli: 2000, memoryMaxBytes: (before?.memoryMaxBytes ?? 0) + 512 * mebibyte });
  expect(core.events().filter((event) => event.startsWith('LimitsChanged'))).toHaveLength(1);
});

test('memory alone needs no restart', async () => {
  const core = await runningWith({ memory: '512Mi' });
  await update(core, limited({ memory: '1Gi' }));
  expect(condition(core.vm(), 'RestartRequired')).toBeUndefined();
});

test('a limit below what it uses now waits until it uses less', async () => {
  const core = await runningWith({ memory: '1Gi' });
  core.host.world.usedBytes = 2048 * mebibyte;
  const before = limitsOf(core)[0];
  await update(core, limited({ memory: '512Mi' }));
  expect(limitsOf(core)[0]).toEqual(before);
  expect([condition(core.vmi(), 'LimitsEnforced'), core.events().at(-1)]).toEqual([
    'False/LimitNotEnforced',
    expect.stringMatching(/^LimitNotApplied: The machine uses 2048 MiB/),
  ]);
  core.host.world.usedBytes = 100 * mebibyte;
  await core.clock.advance(60_000);
  expect(limitsOf(core)[0]?.memoryMaxBytes).toBe((before?.memoryMaxBytes ?? 0) - 512 * mebibyte);
  expect(condition(core.vmi(), 'LimitsEnforced')).toBe('True/Enforced');
});

test('a quota that is full keeps the limit from being raised', async () => {
  const core = await startCore();
  await core.create({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'small', namespace: 'default' },
    spec: { hard: { 'limits.memory': '1536Mi' } },
  });
  await core.made(vm(manual, withLimits({ memory: '512Mi' })));
  await core.act('start');
  const before = limitsOf(core)[0];
  await update(core, limited({ memory: '8Gi' }));
  expect(limitsOf(core)[0]).toEqual(before);
  expect(core.events().at(-1)).toMatch(/^LimitNotApplied: exceeded quota: small/);
});

test('a new core sets them again', async () => {
  const core = await runningWith({ memory: '512Mi' });
  const next = await core.reborn(() => core.host.world.limits.clear());
  expect(limitsOf(next)[0]).toMatchObject({ memoryMaxBytes: expect.any(Number) });
  expect(next.events().some((event) => event.startsWith('LimitsChanged'))).toBe(false);
});
