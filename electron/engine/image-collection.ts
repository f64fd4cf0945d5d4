// Owns when pulled images that nobody uses are removed: at the start, and once a day.
// Must not know how long they are kept; the host does.
import { isFinal, phaseOf } from '../api/lifecycle.ts';
import { resources } from '../api/resources.ts';
import { wantedImages } from '../core/images/wanted-images.ts';
import type { EngineContext } from './context.ts';
import { textOf } from './queue.ts';
import { readAll } from './typed.ts';

const everyMs = 24 * 60 * 60 * 1000;

export function collectImages(context: EngineContext): void {
  void collect(context);
  context.clock.after(everyMs, () => collectImages(context));
}

async function collect(context: EngineContext): Promise<void> {
  const { host, store, log, pulls } = context;
  try {
    const running = readAll(store, resources.virtualMachineInstances).filter((vmi) => !isFinal(phaseOf(vmi)));
    const facts = await Promise.all(running.flatMap((vmi) => wantedImages(vmi).map((wanted) => pulls.fact(vmi, wanted))));
    await host.images.collect(new Set(facts.flatMap((fact) => (fact.state === 'ready' ? [fact.path] : []))));
  } catch (error) {
    // Rubbish that stays for another day is no reason to fail.
    log.warn('Images that nobody uses could not be removed.', { error: textOf(error) });
  }
}
