// Owns what machines use: sampled once a second while somebody looks, kept for an hour.
// Must not sample for nobody.
import type { UsageLine, UsageSample } from '../api/computer.ts';
import type { EngineContext } from './context.ts';
import type { Guest } from './machines.ts';
import { textOf } from './queue.ts';
import { guestInterfacesOf } from '../core/status/guest-agent-answers.ts';
import { type Watched, whileWatched } from './while-watched.ts';

export interface Usage extends Watched<UsageLine> {
  history(uid: string): readonly UsageSample[];
}

const everyMs = 1_000;
const keptSamples = 3_600;
// Addresses change rarely, and asking wakes the guest: somebody who looks waits a moment.
const addressesEveryMs = 15_000;

export function createUsage(context: EngineContext): Usage {
  const { clock, machines } = context;
  const rings = new Map<string, UsageSample[]>();
  let addressesAt = 0;

  const sampleAll = async (): Promise<UsageLine> => {
    const running = machines.all();
    for (const uid of rings.keys()) if (machines.get(uid) === undefined) rings.delete(uid);
    const samples = await Promise.all(running.map((guest) => sample(context, guest)));
    const rows = running.flatMap((guest, index) => {
      const one = samples[index];
      if (one === undefined) return [];
      const { uid, namespace, name } = guest.machine.vmi;
      const ring = rings.get(uid) ?? [];
      ring.push(one);
      if (ring.length > keptSamples) ring.shift();
      rings.set(uid, ring);
      return [{ namespace, name, sample: one }];
    });
    return { machines: rows };
  };
  const look = async (): Promise<UsageLine> => {
    const now = clock.now();
    if (now - addressesAt >= addressesEveryMs) {
      addressesAt = now;
      for (const guest of machines.all()) void refreshAddresses(context, guest);
    }
    return sampleAll();
  };

  return {
    ...whileWatched(context, { everyMs, look, failed: 'The machines could not be measured' }),
    history: (uid) => [...(rings.get(uid) ?? [])],
  };
}

async function sample({ log }: EngineContext, { machine }: Guest): Promise<UsageSample | undefined> {
  try {
    return await machine.usage();
  } catch (error) {
    log.info('A machine could not be measured: it has just ended', { machine: machine.vmi.name, error: textOf(error) });
    return undefined;
  }
}

async function refreshAddresses({ machines, clock, log }: EngineContext, { machine, agentConnected }: Guest): Promise<void> {
  if (!agentConnected) return;
  try {
    const interfaces = guestInterfacesOf(await machine.agent('guest-network-get-interfaces'));
    machines.listener(machine.vmi)({ type: 'Interfaces', interfaces, at: clock.now() });
  } catch (error) {
    log.info('The guest agent did not say its addresses', { machine: machine.vmi.name, error: textOf(error) });
  }
}
