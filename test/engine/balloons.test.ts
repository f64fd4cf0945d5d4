// Owns the proof of what the engine does with balloons: nothing without overcommit, taken and given back with it, told in between.
// Must not repeat how much; core's tests have that.
import { expect, test } from 'vitest';
import { resources } from '../../electron/api/resources.ts';
import { type MemoryReport } from '../../electron/api/memory.ts';
import { named, vm, withDomain, withRunStrategy } from '../fakes/builders.ts';
import { startCore, type TestCore } from './harness.ts';

const overcommitted = withDomain((domain) => ({ ...domain, memory: { guest: '4Gi' }, resources: { requests: { memory: '1Gi' } } }));
const promised = withDomain((domain) => ({ ...domain, memory: { guest: '4Gi' } }));
const always = withRunStrategy('Always');

function available(core: TestCore, availableMiB: number): void {
  core.host.world.memory = { ...core.host.world.memory, availableMiB };
}

/** Times that /proc was read. */
function countLooks(core: TestCore): { readonly looks: () => number } {
  const { memory } = core.host.world;
  let now = memory;
  let looks = 0;
  // A getter, so that each answer counts.
  Object.defineProperty(core.host.world, 'memory', {
    get: () => {
      looks += 1;
      return now;
    },
    set: (next: typeof memory) => {
      now = next;
    },
  });
  return { looks: () => looks };
}

test('without overcommit nobody looks, however short memory is', async () => {
  const core = await startCore();
  available(core, 100);
  const { looks } = countLooks(core);
  await core.made(vm(named('web'), always, promised));
  await core.clock.advance(3_600_000);
  expect([looks(), core.guest().qmpLog.filter(({ execute }) => execute === 'balloon')]).toEqual([0, []]);
});

test('with overcommit and plenty, the guests are left in peace', async () => {
  const core = await startCore();
  const { looks } = countLooks(core);
  await core.made(vm(named('web'), always, overcommitted));
  await core.clock.advance(600_000);
  expect(looks()).toBeLessThan(30);
  expect(core.guest().qmpLog.map(({ execute }) => execute)).not.toContain('query-balloon');
});

test('short of memory it is taken down to the promise, told once, and given back', async () => {
  const core = await startCore();
  await core.made(vm(named('web'), always, overcommitted), vm(named('db'), always, promised));
  available(core, 1000);
  core.host.world.behave({ spareMiB: 3900 });
  await core.clock.advance(120_000);
  expect([core.guest('web').balloonMiB, core.guest('db').balloonMiB]).toEqual([1024, undefined]);
  expect((await core.engine.memory()).computer.state).toBe('exhausted');
  const told = () => core.events('web').filter((text) => text.startsWith('Memory'));
  expect(told()).toEqual([
    'MemoryTakenBack: This computer is short of memory: the guest gives back some of its 4096 MiB, and keeps at least 1024 MiB.',
    'MemoryExhausted: This computer is short of memory, and the guest has no more than the 1024 MiB that were promised: stop a machine, or the kernel ends one.',
  ]);
  available(core, 20_000);
  await core.clock.advance(600_000);
  expect(core.guest('web').balloonMiB).toBe(4096);
  expect(told().at(-1)).toBe('MemoryGivenBack: The guest may use all of its 4096 MiB again.');
  // The driver in the guest sleeps again.
  await core.clock.advance(60_000);
  expect(core.guest('web').qmpLog.findLast(({ execute }) => execute === 'qom-set')).toMatchObject({ arguments: { value: 0 } });
});

test('with room in swap, that is what comes next', async () => {
  const core = await startCore();
  await core.made(vm(named('web'), always, overcommitted));
  core.host.world.memory = { ...core.host.world.memory, availableMiB: 1000, swapTotalMiB: 8192, swapFreeMiB: 8000 };
  core.host.world.behave({ spareMiB: 3900 });
  await core.clock.advance(120_000);
  expect(core.events('web').at(-1)).toMatch(/promised: stop a machine, or 8000 MiB more go to swap before the kernel ends one\.$/);
  const { computer, machines } = await core.engine.memory();
  expect([computer.state, computer.swapFreeMiB, machines[0]?.isStruggling]).toEqual(['exhausted', 8000, false]);
});

test('a core that comes later goes on with the balloons as they are', async () => {
  const core = await startCore();
  await core.made(vm(named('web'), always, overcommitted));
  available(core, 1000);
  core.host.world.behave({ spareMiB: 3900 });
  await core.clock.advance(120_000);
  const next = await core.reborn();
  available(next, 20_000);
  await next.clock.advance(600_000);
  expect(next.guest().balloonMiB).toBe(4096);
});

test('who is ended first, and why, is told in the order of the kernel', async () => {
  const core = await startCore();
  const leftOut = withDomain((domain) => ({ ...domain, memory: { guest: '1Gi' }, resources: { overcommitGuestOverhead: true } }));
  const guaranteed = withDomain((domain) => ({
    ...domain,
    memory: { guest: '1Gi' },
    resources: { requests: { memory: '1Gi' }, limits: { memory: '1Gi' } },
  }));
  await core.made(
    vm(named('kept'), always, guaranteed),
    vm(named('plain'), always, promised),
    vm(named('bare'), always, leftOut),
    vm(named('first'), always, overcommitted),
  );
  for (const { pid, plan } of core.host.world.guests.values()) core.host.world.oomOrder.set(pid, plan.limits.oomScoreAdj);
  const { machines }: MemoryReport = await core.engine.memory();
  expect(machines.map(({ name, reason, noBalloon }) => [name, reason, noBalloon])).toEqual([
    ['first', 'Overcommitted', undefined],
    ['bare', 'OverheadLeftOut', 'NotOvercommitted'],
    ['plain', 'Promised', 'NotOvercommitted'],
    ['kept', 'Guaranteed', 'NotOvercommitted'],
  ]);
  expect(machines[0]).toMatchObject({ guestMiB: 4096, requestMiB: 1024, currentMiB: 4096 });
});

test('merging of equal pages is switched by the privileged program', async () => {
  const core = await startCore();
  await core.engine.mergePages(false);
  await core.engine.mergePages(true);
  expect(core.host.world.asked).toEqual([{ verb: 'ksm-set', count: 1 }]);
  core.host.world.memory = { ...core.host.world.memory, merging: { state: 'missing', sharedMiB: 0, savedMiB: 0 } };
  await expect(core.engine.mergePages(true)).rejects.toThrow('The kernel of this computer does not merge pages.');
  expect(core.store.list(resources.virtualMachines)).toEqual([]);
});
