// Owns the NetworkPort: taps and virtual functions of a run, from before QEMU starts until its run directory goes; what a guest boots from.
// Must not decide which there are; the plan does.
import path from 'node:path';
import type { LaunchPlan, TapConnection } from '../../core/qemu/launch-plan.ts';
import type { Log, NetworkPort } from '../../engine/ports.ts';
import { reasonOf } from '../errno.ts';
import { writePrivateFile } from '../private-file.ts';
import { readIfThere } from '../proc.ts';
import { inspectBootSource } from './boot-folder.ts';
import { connectFunctions, disconnectFunctions } from './function-runs.ts';
import { readKept } from './read-kept.ts';
import { networkFacts } from './network-facts.ts';
import { askPrivileged } from './privileged.ts';

const tapsFile = 'taps.json';

export interface NetworkOptions {
  readonly dataDir: string;
  readonly log: Log;
}

export interface HostNetwork extends NetworkPort {
  /** Removes the taps of a run and takes its virtual functions back, whoever started it; called before its directory is removed. */
  disconnect(runDir: string): Promise<void>;
}

export function createNetwork({ dataDir, log }: NetworkOptions): HostNetwork {
  const remove = async (taps: readonly string[]): Promise<void> => {
    for (const name of taps) {
      try {
        await askPrivileged({ verb: 'tap-delete', name });
      } catch (error) {
        // It holds nothing up: a tap without a QEMU carries nothing, and the next run of this machine has another.
        log.warn('A network interface of a machine could not be removed', { tap: name, reason: reasonOf(error) });
      }
    }
  };
  return {
    facts: () => networkFacts(),
    inspectBoot: (source) => inspectBootSource(source, dataDir),
    connect: async ({ runDir, taps, functions = [] }) => {
      const before = await tapsOf(runDir, log);
      // Written first: a core that dies in between leaves a name that is not there, and not a tap that nobody knows of.
      await writeTaps(runDir, [...new Set([...before, ...taps.map(({ tap }) => tap)])]);
      for (const tap of taps) await make(tap);
      await connectFunctions(runDir, functions, log);
    },
    release: async (runDir, tap) => {
      await remove([tap]);
      await writeTaps(
        runDir,
        (await tapsOf(runDir, log)).filter((name) => name !== tap),
      );
    },
    disconnect: async (runDir) => {
      await remove(await tapsOf(runDir, log));
      await disconnectFunctions(runDir, log);
    },
    ask: askPrivileged,
  };
}

async function make({ tap, bridge, vlan, onlyMac }: TapConnection): Promise<void> {
  // Of a start that was broken off: the name is that of this card of this run, so it is nobody else's.
  await askPrivileged({ verb: 'tap-delete', name: tap });
  await askPrivileged({
    verb: 'tap-create',
    name: tap,
    owner: process.geteuid?.() ?? 0,
    bridge,
    ...(vlan === undefined ? {} : { vlan }),
    ...(onlyMac === undefined ? {} : { mac: onlyMac }),
  });
}

async function tapsOf(runDir: string, log: Log): Promise<readonly string[]> {
  const names = await readKept(path.join(runDir, tapsFile), log);
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}

async function writeTaps(runDir: LaunchPlan['runDir'], taps: readonly string[]): Promise<void> {
  if (taps.length > 0 || (await readIfThere(path.join(runDir, tapsFile))) !== undefined) {
    await writePrivateFile(path.join(runDir, tapsFile), JSON.stringify(taps));
  }
}
