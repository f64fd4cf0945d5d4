// Owns keeping threads where they belong while machines come and go: who shares is moved off the cores that somebody has for himself, and back.
// Must not hand out cores; placement does.
import { AppError } from '../api/errors.ts';
import { cpuListText } from '../api/cpu-list.ts';
import { isFinal, phaseOf } from '../api/lifecycle.ts';
import { resources } from '../api/resources.ts';
import type { HostFacts } from '../core/facts.ts';
import { sharedCpus } from '../core/placement/cores.ts';
import { type ThreadPlaces, threadPlaces } from '../core/placement/thread-places.ts';
import { ownCpusOf } from '../core/placement/world-of-objects.ts';
import type { EngineContext } from './context.ts';
import { placedMachines } from './placed-machines.ts';
import { partitionNow } from './partition-now.ts';
import { heldCpus } from './placement-facts.ts';
import { textOf } from './queue.ts';
import { read } from './typed.ts';

/** Only while a machine runs that is bound to anything: nobody else could drift, and a quiet computer stays quiet. */
const verifyMs = 60_000;

export interface Pinning {
  /** Somebody got or gave back cores: everybody else's threads are looked at. */
  changed(): Promise<void>;
  /** A machine runs that is bound to processors: from now on it is looked at now and then. */
  follow(host: HostFacts): void;
  close(): void;
}

/** What it needs of the others. */
type Surroundings = Omit<EngineContext, 'pinning' | 'pulls'>;

export function createPinning(context: Surroundings): Pinning {
  const { store, machines, clock, log } = context;
  let cancel = (): void => undefined;
  let isArmed = false;
  let running = Promise.resolve();

  const verifyLater = (host: HostFacts): void => {
    if (isArmed || !isAnyBound(context, host)) return;
    isArmed = true;
    cancel = clock.after(verifyMs, () => {
      isArmed = false;
      void look(true);
    });
  };

  const look = async (isVerifying: boolean): Promise<void> => {
    // One after the other: two looks at once would move the same threads twice.
    const host = await context.hostFacts();
    running = running.then(() => moveAll(host, isVerifying));
    await running;
    verifyLater(host);
  };

  const moveAll = async (host: HostFacts, isVerifying: boolean): Promise<void> => {
    const { domains } = partitionNow(context, host);
    const held = heldCpus(placedMachines(context.store));
    for (const { machine, key } of machines.all()) {
      const vmi = read(store, { ...key, resource: resources.virtualMachineInstances });
      const domain = domains.find(({ name }) => name === vmi?.status?.nodeName);
      if (vmi === undefined || domain === undefined || isFinal(phaseOf(vmi))) continue;
      const own = ownCpusOf(vmi);
      const places = threadPlaces(vmi, { shared: sharedCpus(domain, held.values()), ...(own === undefined ? {} : { own }) });
      try {
        const moved = await machine.pin(places);
        // On a change others are meant to move; found in between, somebody else has moved them.
        if (isVerifying && moved > 0)
          context.events.record(vmi, { type: 'Warning', reason: 'AffinityDrifted', message: drifted(moved, places) });
      } catch (error) {
        log.warn('Threads of a machine could not be moved', { machine: key.name, error: textOf(error) });
        if (error instanceof AppError && error.code === 'PinningFailed') {
          context.events.record(vmi, { type: 'Warning', reason: 'PinningFailed', message: error.message });
        }
      }
    }
  };

  return { changed: () => look(false), follow: verifyLater, close: () => cancel() };
}

/** Whether any machine that runs is bound to processors: its own, those of its node, or those that others have left. */
export function isAnyBound(context: Surroundings, host: HostFacts): boolean {
  const machines = placedMachines(context.store);
  return machines.length > 0 && (heldCpus(machines).size > 0 || partitionNow(context, host).domains.length > 1);
}

function drifted(moved: number, { cpus = [], vcpus }: ThreadPlaces): string {
  const where = vcpus === undefined ? cpuListText(cpus) : `${cpuListText(vcpus)} and ${cpuListText(cpus)}`;
  return `${moved} ${moved === 1 ? 'thread was' : 'threads were'} found on other processors and moved back to ${where}.`;
}
