// Owns the proof that no sequence of wishes and mishaps confuses the engine: nothing throws, and at rest everything agrees.
// Must not know what is right for any single sequence; the tables do.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../electron/api/errors.ts';
import type { VirtualMachineInstance } from '../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import { isFinal, phaseOf, type RunStrategy, runStrategies } from '../../electron/api/lifecycle.ts';
import { resources } from '../../electron/api/resources.ts';
import { machineVerbs } from '../../electron/api/verbs.ts';
import { claim, named, vm, withDisk, withRunStrategy } from '../fakes/builders.ts';
import { machineKey, startCore, type TestCore } from './harness.ts';

const names = ['a', 'b'] as const;

/** One thing that happens; `late` steps let time pass. A refusal by AppError is an answer, anything else is a bug. */
type Happening = (core: TestCore) => Promise<TestCore>;

const name = fc.constantFrom(...names);

function act(work: (core: TestCore) => unknown): Happening {
  return async (core) => {
    try {
      await work(core);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
    return core;
  };
}

const happening: fc.Arbitrary<{ readonly text: string; readonly happen: Happening }> = fc.oneof(
  fc
    .record({ verb: fc.constantFrom(...machineVerbs), name, grace: fc.constantFrom(undefined, 0, 3), paused: fc.boolean() })
    .map((wish) => ({
      text: `${wish.verb} ${wish.name} ${wish.grace ?? ''}${wish.paused ? ' paused' : ''}`,
      happen: act((core) =>
        core.engine.act(wish.verb, machineKey(wish.name), {
          paused: wish.paused,
          ...(wish.grace === undefined ? {} : { gracePeriodSeconds: wish.grace }),
        }),
      ),
    })),
  fc.record({ name, strategy: fc.constantFrom(...runStrategies), shared: fc.boolean() }).map(({ name: one, strategy, shared }) => ({
    text: `make ${one} ${strategy}${shared ? ' on the shared disk' : ''}`,
    happen: act((core) =>
      core.create(vm(named(one), withRunStrategy(strategy), ...(shared ? [withDisk('root', { claim: 'shared' })] : []))),
    ),
  })),
  fc.record({ name, strategy: fc.constantFrom(...runStrategies) }).map(({ name: one, strategy }) => ({
    text: `edit ${one} to ${strategy}`,
    happen: act((core) => {
      const stored = core.vm(one);
      if (stored === undefined) return undefined;
      return core.engine.update(machineKey(one), { ...stored, spec: { ...stored.spec, runStrategy: strategy } });
    }),
  })),
  fc.record({ name, propagation: fc.constantFrom('Background', 'Foreground', 'Orphan') }).map(({ name: one, propagation }) => ({
    text: `delete ${one} ${propagation}`,
    happen: act((core) => core.engine.delete(machineKey(one), { propagation })),
  })),
  name.map((one) => ({
    text: `delete the run of ${one}`,
    happen: act((core) => core.engine.delete({ ...machineKey(one), resource: resources.virtualMachineInstances })),
  })),
  fc.constant({ text: 'make the shared disk', happen: act((core) => core.create(claim({ name: 'shared' }))) }),
  fc.constant({
    text: 'delete the shared disk',
    happen: act((core) => core.engine.delete({ resource: resources.persistentVolumeClaims, namespace: 'default', name: 'shared' })),
  }),
  fc.record({ name, end: fc.constantFrom('powersOff', 'reboots', 'runsOutOfMemory') }).map(({ name: one, end }) => ({
    text: `${one} ${end}`,
    happen: act((core) => core.host.world.guest(one)?.[end]()),
  })),
  name.map((one) => ({ text: `${one} crashes`, happen: act((core) => core.host.world.guest(one)?.crashes('boom')) })),
  fc
    .record({
      acpi: fc.constantFrom('shutsDown', 'ignores'),
      quit: fc.constantFrom('exits', 'ignored'),
      startFails: fc.constantFrom(undefined, undefined, 'no such device'),
    })
    .map((behaviour) => ({ text: `guests ${JSON.stringify(behaviour)}`, happen: act((core) => core.host.world.behave(behaviour)) })),
  fc.constantFrom(0, 1, 700, 3_000, 30_000).map((ms) => ({ text: `${ms} ms`, happen: act((core) => core.clock.advance(ms)) })),
  fc.constant({ text: 'kill -9', happen: (core: TestCore) => core.reborn() }),
);

test('whatever happens, in the end everything agrees', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 25 }), async (story) => {
      let core = await startCore();
      for (const { happen } of story) core = await happen(core);
      core.host.world.behave({ startFails: undefined, quit: 'exits' });
      // Longer than any grace period, back-off and retry.
      await core.clock.advance(900_000);
      const found = { troubles: troubles(core), errors: core.log.lines.filter(({ level }) => level === 'error') };
      if (!core.host.crashed) await core.engine.close();
      core.store.close();
      expect({ story: story.map(({ text }) => text), ...found }).toEqual({
        story: story.map(({ text }) => text),
        troubles: [],
        errors: [],
      });
    }),
    { numRuns: 60, endOnFailure: false },
  );
}, 300_000);

/** Everything that is not as it must be when nothing is going on any more. */
function troubles(core: TestCore): readonly string[] {
  const { world } = core.host;
  const runs = core.store.list(resources.virtualMachineInstances) as readonly VirtualMachineInstance[];
  const machines = core.store.list(resources.virtualMachines) as readonly VirtualMachine[];
  const living = [...world.guests.values()].filter(({ alive }) => alive);
  return [
    ...runs
      .filter((vmi) => phaseOf(vmi) === 'Running' && !living.some(({ plan }) => plan.vmi.uid === vmi.metadata.uid))
      .map(({ metadata }) => `${metadata.name} says Running and is not`),
    ...living
      .filter(({ plan }) => !runs.some((vmi) => vmi.metadata.uid === plan.vmi.uid && phaseOf(vmi) === 'Running'))
      .map(({ plan }) => `${plan.vmi.name} runs and nobody says so`),
    ...living
      .filter(({ plan }) => living.some((other) => other.plan !== plan && other.plan.locks.some((lock) => plan.locks.includes(lock))))
      .map(({ plan }) => `${plan.vmi.name} shares its disk`),
    ...[...world.runDirs.values()]
      .filter(({ uid }) => !living.some(({ plan }) => plan.vmi.uid === uid))
      .map(({ name: one }) => `${one} left a run directory`),
    ...runs
      .filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
      .map(({ metadata }) => `the run of ${metadata.name} does not go`),
    ...machines.filter(({ metadata }) => metadata.deletionTimestamp !== undefined).map(({ metadata }) => `${metadata.name} does not go`),
    ...machines.flatMap((machine) =>
      strategyTroubles(
        machine,
        runs.find((vmi) => vmi.metadata.name === machine.metadata.name),
      ),
    ),
  ];
}

function strategyTroubles(machine: VirtualMachine, vmi: VirtualMachineInstance | undefined): readonly string[] {
  const phase = vmi === undefined ? undefined : phaseOf(vmi);
  const isUp = phase !== undefined && !isFinal(phase);
  const says = machine.status?.printableStatus;
  const requests = machine.status?.stateChangeRequests ?? [];
  const { name: one } = machine.metadata;
  const strategy = machine.spec.runStrategy as RunStrategy;
  return [
    ...(strategy === 'Always' && !isUp && says !== 'CrashLoopBackOff' ? [`${one} should always run and is ${says}`] : []),
    ...(strategy === 'Halted' && vmi !== undefined ? [`${one} is halted and has a run`] : []),
    ...(requests.length > 0 ? [`${one} has unfulfilled requests ${JSON.stringify(requests)}`] : []),
    ...(phase === 'Running' && says !== 'Running' && says !== 'Paused' ? [`${one} runs and says ${says}`] : []),
    ...(vmi === undefined && !['Stopped', 'CrashLoopBackOff'].includes(says ?? '') ? [`${one} has no run and says ${says}`] : []),
  ];
}
