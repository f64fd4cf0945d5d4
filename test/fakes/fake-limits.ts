// Owns a LimitPort over the pretended computer: limits that one can look at.
// Must not make any control group.
import type { LimitPort } from '../../electron/engine/ports.ts';
import { fakeHostFacts } from './fake-computer.ts';
import type { Gate } from './fake-machines.ts';
import type { FakeWorld } from './fake-world.ts';

export function fakeLimits(world: FakeWorld, gate: Gate): LimitPort {
  return {
    abilities: () => gate(() => fakeHostFacts.limits),
    set: (runDir, plan) =>
      gate(() => {
        world.limits.set(runDir, plan);
        return world.limitShortfalls;
      }),
    verify: () => gate(() => []),
    counters: (runDir) =>
      gate(() => (world.limits.has(runDir) ? { currentBytes: world.usedBytes, oomKills: 0, reachedLimit: false } : undefined)),
    setOomOrder: (pid, value) => gate(() => void world.oomOrder.set(pid, value)),
  };
}
