// Owns a MemoryPort over the pretended computer.
// Must not read the real one.
import type { MemoryPort } from '../../electron/engine/ports.ts';
import type { Gate } from './fake-machines.ts';
import type { FakeWorld } from './fake-world.ts';

export function fakeMemory(world: FakeWorld, gate: Gate): MemoryPort {
  return {
    facts: () => gate(() => world.memory),
    keptPages: () => gate(() => world.keptPages),
    process: (pid) =>
      gate(() => {
        const oomScoreAdj = world.oomOrder.get(pid) ?? 0;
        const isThere = [...world.guests.values()].some((guest) => guest.alive && guest.pid === pid);
        return isThere ? { residentMiB: 400, swappedMiB: 0, oomScore: 666 + oomScoreAdj, oomScoreAdj } : undefined;
      }),
  };
}
